import { describe, expect, it } from 'vitest';
import { advertisedAddress } from './advertised-address.ts';

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
    const finding = advertisedAddress({
      told: undefined,
      listenHost: '0.0.0.0',
      registryUrl: 'http://nobody.invalid:8756',
    });
    await expect(finding).rejects.toThrow(
      /no route towards the registry's nobody\.invalid .*set NETRING_ADVERTISE_IP/,
    );
  });
});
