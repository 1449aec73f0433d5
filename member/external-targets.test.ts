import { describe, expect, it } from 'vitest';
import { duplicateTargetNames, externalTargetSetting, hostAndPort } from './external-targets.ts';

describe('an external target', () => {
  it.each([
    ['tcp://db.example:5432', { name: 'db.example:5432', kind: 'tcp', address: 'db.example:5432' }],
    ['tcp://[2001:db8::1]:53', { name: '[2001:db8::1]:53', kind: 'tcp', address: '[2001:db8::1]:53' }],
    ['https://shop.example/', { name: 'shop.example', kind: 'http', address: 'https://shop.example/' }],
    [
      'shop=https://shop.example/health',
      { name: 'shop', kind: 'http', address: 'https://shop.example/health' },
    ],
    ['the db=tcp://10.0.0.1:5432', { name: 'the db', kind: 'tcp', address: '10.0.0.1:5432' }],
    [
      { name: 'shop', address: 'http://shop.example:8080' },
      { name: 'shop', kind: 'http', address: 'http://shop.example:8080/' },
    ],
  ])('%j', (written, target) => {
    expect(externalTargetSetting.parse(written)).toEqual(target);
  });

  it.each([
    ['db.example:5432', /must be tcp:/],
    ['ftp://files.example', /must be tcp:/],
    ['tcp://db.example', /must name a port/],
    ['https://me:secret@shop.example/', /must not carry a user name/],
    ['https://shop.example/?key=1', /must not carry a query/],
    [`http://shop.example/${'x'.repeat(80)}`, /needs a name/],
    [{ name: '', address: 'tcp://x:1' }, /needs a name/],
    [7, /must be tcp:/],
  ])('is refused: %j', (written, message) => {
    const parsed = externalTargetSetting.safeParse(written);
    expect(parsed.error?.issues[0]?.message).toMatch(message);
  });

  it.each([
    ['db.example:5432', 'db.example', 5432],
    ['[2001:db8::1]:53', '2001:db8::1', 53],
  ])('%s is a host and a port', (address, host, port) => {
    expect(hostAndPort(address)).toEqual({ host, port });
  });

  it('shares its name with no other', () => {
    const target = (name: string) => ({ name, kind: 'tcp' as const, address: 'x:1' });
    expect(duplicateTargetNames([target('a'), target('b'), target('a'), target('a')])).toEqual(['a']);
  });
});
