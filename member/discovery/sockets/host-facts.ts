import { existsSync, readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import type { Inventory } from '@netring/contract/inventory';
import { isLinkLocal, isLoopback, wordsAddress } from './address.ts';

const mostAddresses = 256;

/** A network that a bridge of this host joins: containers behind it have their addresses in it. */
export interface BridgeNetwork {
  address: string;
  prefix: number;
}

/** The host's name, its addresses and those of its bridges, without loopback and link-local ones. */
export function hostFacts(
  interfaces = networkInterfaces(),
  isBridge: (name: string) => boolean = (name) => existsSync(`/sys/class/net/${name}/bridge`),
): { host: Inventory['host']; bridges: BridgeNetwork[] } {
  const addresses: string[] = [];
  const bridges: BridgeNetwork[] = [];
  for (const [name, entries] of Object.entries(interfaces))
    for (const { address, cidr } of entries ?? []) {
      if (isLoopback(address) || isLinkLocal(address)) continue;
      addresses.push(address);
      if (isBridge(name)) bridges.push({ address, prefix: Number(cidr?.split('/')[1] ?? 128) });
    }
  const gateways = bridges.map(({ address }) => address).slice(0, mostAddresses);
  return {
    host: {
      name: hostname() || 'unnamed',
      addresses: [...new Set(addresses)].slice(0, mostAddresses),
      ...(gateways.length === 0 ? {} : { gateways }),
    },
    bridges,
  };
}

/** Whether an address lies in the network of one of the bridges; only IPv4, which is what hosts translate. */
export function isBehind(address: string, bridges: readonly BridgeNetwork[]): boolean {
  return bridges.some((bridge) => {
    if (address.includes(':') || bridge.address.includes(':')) return false;
    const mask = bridge.prefix === 0 ? 0 : (~0 << (32 - bridge.prefix)) >>> 0;
    return (numberOf(address) & mask) >>> 0 === (numberOf(bridge.address) & mask) >>> 0;
  });
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** The addresses of a process' network namespace, from the kernel's own tables, which need no entering. */
export function addressesOf(pid: number, proc = '/proc'): string[] {
  const found = [
    ...localFour(text(`${proc}/${pid}/net/fib_trie`)),
    ...localSix(text(`${proc}/${pid}/net/if_inet6`)),
  ];
  return [...new Set(found)].filter((one) => !isLoopback(one) && !isLinkLocal(one)).slice(0, mostAddresses);
}

/** `|-- 10.0.0.5` followed by `/32 host LOCAL` is an address of ours. */
export function localFour(fibTrie: string): string[] {
  const found: string[] = [];
  let last = '';
  for (const line of fibTrie.split('\n')) {
    const leaf = line.indexOf('|-- ');
    if (leaf >= 0) last = line.slice(leaf + 4).trim();
    else if (line.includes('/32 host LOCAL')) found.push(last);
  }
  return found;
}

function localSix(ifInet6: string): string[] {
  return ifInet6
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((hex) => /^[0-9a-f]{32}$/.test(hex))
    .map((hex) => wordsAddress(hex.match(/.{4}/g)?.map((word) => parseInt(word, 16)) ?? []));
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
