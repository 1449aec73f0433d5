import { isInside } from '@netring/topology';
import type { Directory } from '../membership/index.ts';
import type { Picture } from '../paths/index.ts';

/** Whether members of two locations reach each other at private addresses, as the measured paths say. */
export interface PrivateReach {
  reaches(a: string, b: string): boolean;
  /** Another text whenever an answer that was given would be another one now. */
  answers(): string;
}

/** Paths take some seconds to turn good or bad. */
const lookMs = 5_000;

export function createPrivateReach(
  directory: Directory,
  picture: Pick<Picture, 'memberPaths'>,
  nowMs: () => number,
): PrivateReach {
  const asked = new Map<string, { a: string; b: string; reaches: boolean }>();
  let lookedMs = -Infinity;

  function oneWay(source: string, target: string): boolean {
    return picture.memberPaths({ source, target }, nowMs()).some((path) => {
      const ip = directory.get(path.target)?.record.ip;
      const isUp = path.state === 'ok' || path.state === 'degraded';
      return isUp && path.target_kind === 'member' && ip !== undefined && isPrivate(ip);
    });
  }

  return {
    reaches(a, b) {
      const key = [a, b].sort().join('\n');
      let known = asked.get(key);
      if (known === undefined) asked.set(key, (known = { a, b, reaches: oneWay(a, b) && oneWay(b, a) }));
      return known.reaches;
    },
    answers() {
      if (nowMs() - lookedMs >= lookMs) {
        lookedMs = nowMs();
        for (const one of asked.values()) one.reaches = oneWay(one.a, one.b) && oneWay(one.b, one.a);
      }
      return [...asked].map(([key, { reaches }]) => `${key} ${reaches}`).join('\n');
    },
  };
}

function isPrivate(ip: string): boolean {
  return isInside(ip) && !ip.startsWith('127.') && ip !== '::1';
}
