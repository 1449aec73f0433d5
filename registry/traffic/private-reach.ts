import { isInside } from '@netring/topology';
import type { Directory } from '../membership/index.ts';
import type { Picture } from '../paths/index.ts';

/**
 * Whether members of two locations reach each other at private addresses, as the measured paths say. A path that fails,
 * or that nobody measures any more, says nothing of where an address leads: what was reached is remembered.
 */
export interface PrivateReach {
  reaches(a: string, b: string): boolean;
  /** Another text whenever an answer that was given would be another one now. */
  answers(): string;
}

/** One way between two locations: the members that were reached, at which private address, and when last. */
interface Way {
  source: string;
  target: string;
  reached: ReadonlyMap<string, string>;
  reachedMs: number;
}

interface Asked {
  ways: readonly Way[];
  reaches: boolean;
}

/** Paths take some seconds to turn good or bad. */
const lookMs = 5_000;
/** Longer than most outages; networks that are taken apart for good are forgotten the day after. */
const rememberedMs = 24 * 3_600_000;

export function createPrivateReach(
  directory: Directory,
  picture: Pick<Picture, 'memberPaths'>,
  nowMs: () => number,
): PrivateReach {
  const asked = new Map<string, Asked>();
  let lookedMs = -Infinity;

  const ipOf = (member: string): string | undefined => directory.get(member)?.record.ip;

  function isOpen(way: Way): boolean {
    const reached = new Map<string, string>();
    for (const { state, target, target_kind } of picture.memberPaths(way, nowMs())) {
      const ip = ipOf(target);
      const isUp = state === 'ok' || state === 'degraded';
      if (isUp && target_kind === 'member' && ip !== undefined && isPrivate(ip)) reached.set(target, ip);
    }
    if (reached.size > 0) Object.assign(way, { reached, reachedMs: nowMs() });
    // Who has left may have been the only one there; who has another address proves nothing of the former.
    const isStill = [...way.reached].some(([member, ip]) => (ipOf(member) ?? ip) === ip);
    return isStill && nowMs() - way.reachedMs < rememberedMs;
  }

  function look(one: Asked): void {
    // Both, so that each way is remembered by itself.
    one.reaches = one.ways.map(isOpen).every((open) => open);
  }

  return {
    reaches(a, b) {
      const key = [a, b].sort().join('\n');
      let known = asked.get(key);
      if (known === undefined) {
        known = { ways: [wayOf(a, b), wayOf(b, a)], reaches: false };
        asked.set(key, known);
        look(known);
      }
      return known.reaches;
    },
    answers() {
      if (nowMs() - lookedMs >= lookMs) {
        lookedMs = nowMs();
        for (const one of asked.values()) look(one);
      }
      return [...asked].map(([key, { reaches }]) => `${key} ${reaches}`).join('\n');
    },
  };
}

function wayOf(source: string, target: string): Way {
  return { source, target, reached: new Map(), reachedMs: -Infinity };
}

function isPrivate(ip: string): boolean {
  return isInside(ip) && !ip.startsWith('127.') && ip !== '::1';
}
