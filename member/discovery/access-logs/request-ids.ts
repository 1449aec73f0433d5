/** Requests that two sidecars log, told by their id. */
export interface RequestIds {
  /** Whether the other side of a call has already told of this request to this callee. */
  isSecondSight(requestId: string | undefined, side: 'outbound' | 'inbound', callee: string): boolean;
}

/** Both sides log within the time that a request takes: so many are remembered, and as many before them. About 20 MB. */
const mostIds = 50_000;

interface Sights {
  outbound: number;
  inbound: number;
}

/**
 * One id travels through a whole chain of calls, and an application may ask one callee several times under it: so what
 * is compared is how often each side has told of an id at one callee.
 */
export function requestIds(): RequestIds {
  let young = new Map<string, Sights>();
  let old = new Map<string, Sights>();
  return {
    isSecondSight(requestId, side, callee) {
      if (requestId === undefined || requestId.length > 200) return false;
      const key = `${requestId} ${callee}`;
      let sights = young.get(key) ?? old.get(key);
      if (sights === undefined) {
        if (young.size >= mostIds) [old, young] = [young, new Map<string, Sights>()];
        sights = { outbound: 0, inbound: 0 };
      }
      young.set(key, sights);
      const other = side === 'outbound' ? sights.inbound : sights.outbound;
      sights[side]++;
      return sights[side] <= other;
    },
  };
}
