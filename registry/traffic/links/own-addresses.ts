import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { formsOf } from './address-policy.ts';

/** Names are asked for again after so long. */
const knownForMs = 60_000;

/** Addresses of this machine, and of the hosts given (the store's), which may be names. Refreshes itself when asked. */
export interface OwnAddresses {
  now(): ReadonlySet<string>;
  refresh(nowMs: number): Promise<void>;
}

export function createOwnAddresses(hosts: readonly string[]): OwnAddresses {
  let known = new Set<string>();
  let knownAtMs = -Infinity;
  let asking: Promise<void> = Promise.resolve();
  return {
    now: () => known,
    refresh(nowMs) {
      if (nowMs - knownAtMs >= knownForMs) {
        knownAtMs = nowMs;
        asking = ask();
      }
      return asking;
    },
  };

  async function ask(): Promise<void> {
    const here = Object.values(networkInterfaces()).flatMap((all) =>
      (all ?? []).map(({ address }) => address),
    );
    const stores = await Promise.all(hosts.map(addressesOf));
    known = new Set([...here, ...stores.flat()].flatMap(formsOf));
  }
}

async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  // A name that does not resolve leads nowhere.
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}
