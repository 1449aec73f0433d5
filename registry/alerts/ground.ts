import type { MemberStatus } from '@netring/contract/member';
import type { Seen } from './seen.ts';

/** What is measured at all, so that "all paths of a site" is known from "some". */
export interface Ground {
  /** Location paths between members whose state is known, and when they were measured last. */
  paths: readonly { source: string; target: string; atMs: number }[];
  /** The same of external targets. */
  external: readonly { source: string; target: string; atMs: number }[];
  /** Ways with a known rate. */
  rates: readonly { source: string; target: string; atMs: number }[];
  members: readonly { id: string; location: string; status: MemberStatus }[];
}

export const noGround: Ground = { paths: [], external: [], rates: [], members: [] };

/** What the picture stands on. */
export function groundOf({ locationPaths, members }: Seen): Ground {
  const known = locationPaths
    .filter(({ state }) => state !== 'unknown')
    .map(({ source, target, target_kind, at_ms }) => ({
      source,
      target,
      kind: target_kind,
      atMs: at_ms ?? 0,
    }));
  const rates = new Map<string, { source: string; target: string; atMs: number }>();
  for (const { source, target, bandwidth } of locationPaths) {
    if (bandwidth?.forward_mbps !== undefined)
      rates.set(wayKey(source, target), { source, target, atMs: bandwidth.at_ms });
    if (bandwidth?.return_mbps !== undefined)
      rates.set(wayKey(target, source), { source: target, target: source, atMs: bandwidth.at_ms });
  }
  return {
    paths: known.filter(({ kind, source, target }) => kind === 'member' && source !== target),
    external: known.filter(({ kind }) => kind === 'external'),
    rates: [...rates.values()],
    members: members
      .filter(({ status }) => status !== 'deregistered')
      .map(({ instance_id, location, status }) => ({ id: instance_id, location, status })),
  };
}

/** Names a way from one location to another. */
export function wayKey(source: string, target: string): string {
  return JSON.stringify([source, target]);
}
