import type { Tasks } from '../tasks/index.ts';

/** A path between two members. */
export interface TroubledPath {
  source: string;
  target: string;
}

/**
 * Has paths that turn bad traced from both ends at once, while the trouble lasts that caused it; and those that are well again
 * once more, so that what is told of their hops is over with it.
 */
export interface TroubleWatch {
  /** @param troubled all paths that are degraded or down now */
  look(troubled: readonly TroubledPath[]): Promise<void>;
}

/** A trace that begins later tells nothing of the turn. */
const forMs = 30_000;
/** A site that is cut turns hundreds of paths bad at once, and their members trace them on their own as well. */
const mostAtOnce = 64;

export function createTroubleWatch(tasks: Pick<Tasks, 'ask'>): TroubleWatch {
  let known = new Map<string, TroubledPath>();
  return {
    async look(troubled) {
      const now = new Map(troubled.map((path) => [`${path.source}\n${path.target}`, path]));
      const turned = [
        ...[...now].filter(([key]) => !known.has(key)),
        ...[...known].filter(([key]) => !now.has(key)),
      ].map(([, path]) => path);
      known = now;
      const asked = new Set<string>();
      for (const { source, target } of turned.slice(0, mostAtOnce)) {
        for (const [member, other] of [[source, target] as const, [target, source] as const]) {
          const key = `${member}\n${other}`;
          if (asked.has(key)) continue;
          asked.add(key);
          await tasks.ask({ member, kind: 'traceroute', target: other }, forMs);
        }
      }
    },
  };
}
