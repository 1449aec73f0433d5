import { describe, expect, it } from 'vitest';
import { advertisedAddress, mayHear, type LookupAll } from './advertised-address.ts';

const v4 = { address: '127.0.0.1', family: 4 };
const v6 = { address: '::1', family: 6 };

/** A resolver that knows these addresses of every name. */
const knows =
  (...all: Awaited<ReturnType<LookupAll>>): LookupAll =>
  () =>
    Promise.resolve(all);

/** A resolver that knows nobody. */
const knowsNobody: LookupAll = (host) => Promise.reject(new Error(`getaddrinfo ENOTFOUND ${host}`));

describe('the address that others are told', () => {
  it.each([
    ['what was configured', { told: '192.0.2.1', listenHost: '10.0.0.1' }, '192.0.2.1'],
    ['the one address listened on', { told: undefined, listenHost: '127.0.0.11' }, '127.0.0.11'],
    ['loopback', { told: undefined, listenHost: 'localhost' }, '127.0.0.1'],
    ['the route to the registry', { told: undefined, listenHost: '0.0.0.0' }, '127.0.0.1'],
  ])('%s', async (_, from, address) => {
    expect(await advertisedAddress({ ...from, registryUrl: 'http://127.0.0.1:8756' })).toBe(address);
  });

  it('says what to set when there is none', async () => {
    const finding = advertisedAddress(
      {
        told: undefined,
        listenHost: '0.0.0.0',
        registryUrl: 'http://nobody.invalid:8756',
      },
      knowsNobody,
    );
    await expect(finding).rejects.toThrow(
      /no route towards the registry's nobody\.invalid .*set .*NETRING_ADVERTISE_IP$/,
    );
  });

  const towards = (listenHost: string, lookupAll: LookupAll, registryUrl = 'http://registry.test:8756') =>
    advertisedAddress({ told: undefined, listenHost, registryUrl }, lookupAll);

  it('is one of IPv4 where only IPv4 is listened on, whatever the resolver prefers', async () => {
    expect(await towards('0.0.0.0', knows(v6, v4))).toBe('127.0.0.1');
    expect(await towards('::', knows(v4, v6))).toBe('127.0.0.1');
  });

  it('is one of IPv6 where the registry has no other, so that the member measures all the same', async () => {
    expect(await towards('0.0.0.0', knows(v6))).toBe('::1');
    expect(await towards('0.0.0.0', knows(v6), 'http://[::1]:8756')).toBe('::1');
  });

  it('is none where there is no route, and says what to set', async () => {
    const toDo = /set NETRING_SERVER_HOST=:: .*or NETRING_ADVERTISE_IP$/;
    await expect(towards('0.0.0.0', knows())).rejects.toThrow(toDo);
  });

  it.each([
    ['0.0.0.0', '192.0.2.1', true],
    ['0.0.0.0', '2001:db8::1', false],
    ['192.0.2.9', '2001:db8::1', false],
    ['2001:db8::9', '192.0.2.1', false],
    ['::', '192.0.2.1', true],
    ['::', '2001:db8::1', true],
    ['member.example', '2001:db8::1', true],
  ])('listening on %s, may it be %s? %s', (host, address, may) => {
    expect(mayHear(host, address)).toBe(may);
  });
});
