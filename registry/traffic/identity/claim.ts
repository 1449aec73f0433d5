import type { Listener, LocalService } from '@netring/contract/inventory';

/** A machine that a member is on, as one inventory tells of it. */
export interface HostClaim {
  member: string;
  location: string;
  /** The machine's name. */
  name: string;
  addresses: ReadonlySet<string>;
  /** Addresses of bridges that container traffic through a published port seems to come from. */
  gateways: ReadonlySet<string>;
  services: ServiceClaim[];
  /** By `ip:port`: where a published port or a virtual address leads to. */
  aliases: ReadonlyMap<string, readonly Point[]>;
  time: ClaimTime;
}

/** A service on a machine: where it listens, and under which names it is known. */
export interface ServiceClaim {
  /** Id of the service in the graph: replicas of one location share it. */
  id: string;
  name: string;
  host: HostClaim;
  /** Addresses of its own, when it is in a network namespace of its own. */
  ownAddresses: ReadonlySet<string> | undefined;
  reach: LocalService['reach'];
  listeners: readonly Listener[];
  local: LocalService;
}

/** When a claim held, epoch milliseconds: addresses are used again. */
export interface ClaimTime {
  fromMs: number;
  /** `Infinity` while it holds. */
  toMs: number;
  /** False: its member has not been heard for a while. A claim of a member that speaks goes before it. */
  isLive: boolean;
}

/** The far end of a connection. The port is absent of one that only asks. */
export interface Point {
  host: string;
  port?: number;
}

export function serviceId(location: string, name: string): string {
  return `${location}/${name}`;
}

export function pointKey(host: string, port: number): string {
  return `${host} ${port}`;
}

/** What was in use just before is told of a little later still; what is heard of for the first time began a little before. */
const lateMs = 20_000;
const earlyMs = 90_000;

/**
 * Of claims on the same thing, those that count at `atMs`: those that held then, else those that had just ended, else
 * those that began soon after; of these the ones whose members speak, where any does.
 */
export function inForce<T>(claims: readonly T[], timeOf: (claim: T) => ClaimTime, atMs: number): T[] {
  const at = (late: number, early: number): T[] =>
    claims.filter((one) => {
      const { fromMs, toMs } = timeOf(one);
      return fromMs - early <= atMs && atMs < toMs + late;
    });
  let found = at(0, 0);
  if (found.length === 0) found = at(lateMs, 0);
  if (found.length === 0) found = at(lateMs, earlyMs);
  const live = found.filter((one) => timeOf(one).isLive);
  return live.length > 0 ? live : found;
}
