import { describe, expect, it } from 'vitest';
import { createAddressPolicy, formsOf, rangeOf } from './address-policy.ts';
import { resolved } from './deliver.ts';

const nothingOwn = () => new Set<string>();

describe('addresses that samples are never sent to', () => {
  const policy = createAddressPolicy([], () => new Set(['10.0.0.5', 'fd00::5']));
  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '169.254.169.254',
    '169.254.1.1',
    '100.100.100.200',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '::ffff:0:127.0.0.1',
    '2001:0:7f00:1::',
    '2002:7f00:1::',
    '10.0.0.5',
    '::ffff:10.0.0.5',
    'fd00:0:0::5',
    'nonsense',
  ])('%s', (address) => {
    expect(policy.forbids(address)).toBeTypeOf('string');
  });
  it.each(['93.184.216.34', '10.1.2.3', '192.168.1.1', '2a00::1', 'fd12::1', '::ffff:93.184.216.34'])(
    'but to %s',
    (address) => {
      expect(policy.forbids(address)).toBeUndefined();
    },
  );
  it('unless somebody says that they may', () => {
    const open = createAddressPolicy(
      ['127.0.0.0/8', 'fd00:ec2::254', '10.0.0.5'],
      () => new Set(['10.0.0.5']),
    );
    for (const one of ['127.0.0.1', '::ffff:127.0.0.1', 'fd00:ec2::254', '10.0.0.5'])
      expect(open.forbids(one)).toBeUndefined();
    expect(open.forbids('169.254.169.254')).toBeTypeOf('string');
  });
});

it('sees the address in whatever way a URL has it written', async () => {
  const policy = createAddressPolicy([], nothingOwn);
  for (const text of [
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.0.0.1/',
    'http://[::ffff:127.0.0.1]/',
    'http://localhost/',
  ]) {
    await expect(resolved(new URL(text), policy)).rejects.toThrow(/not allowed/);
  }
});

it('reads ranges', () => {
  expect(rangeOf('10.0.0.0/8')).toEqual({ address: '10.0.0.0', prefix: 8, family: 'ipv4' });
  expect(rangeOf('::1')).toEqual({ address: '::1', prefix: 128, family: 'ipv6' });
  for (const text of ['10.0.0.0/33', '10.0.0.0/', 'x', '::/129', '1.2.3.4/8/8'])
    expect(rangeOf(text)).toBeUndefined();
});

it('finds the IPv4 address inside an IPv6 one', () => {
  expect(formsOf('2002:a9fe:a9fe::')).toEqual(['2002:a9fe:a9fe::', '169.254.169.254']);
  expect(formsOf('::ffff:1.2.3.4')).toEqual(['1.2.3.4']);
  expect(formsOf('2a00:0:0:0:0:0:0:1')).toEqual(['2a00::1']);
});
