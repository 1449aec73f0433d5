/** Each round comes this share earlier or later than planned, so that members which started together drift apart. */
export const jitterShare = 0.1;
/** The first checks of a long interval are not waited for that long. */
const firstWithinMs = 5000;

/**
 * How long after its start a target's first check comes: the targets are spread evenly, in the order that they are given in,
 * which is that of their weight. Their names tell apart what has the same place at two members.
 *
 * @param at the place of the target among `of`
 */
export function firstDelayMs(key: string, intervalMs: number, at = 0, of = 1): number {
  return ((at + hashOf(key) / 2 ** 32) / of) * Math.min(intervalMs, firstWithinMs);
}

/** When the next check is due: one jittered interval after the last was, or now when that has passed already. */
export function nextDueMs(dueMs: number, nowMs: number, intervalMs: number, random: number): number {
  const next = dueMs + intervalMs * (1 - jitterShare + 2 * jitterShare * random);
  return Math.max(next, nowMs);
}

/** FNV-1a, 32 bits, with a last mixing of the bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
