/** A member as far as leases go. */
export interface Testable {
  instance_id: string;
  location: string;
  ip: string;
}

/** When a path was last tested, epoch milliseconds; 0: never. */
export interface LastTest {
  /** With a valid rate. */
  validMs: number;
  /** At all, or leased to be. */
  triedMs: number;
  /** Who did. */
  by: string | undefined;
}

export interface Question<T extends Testable> {
  nowMs: number;
  asking: Testable;
  intervalMs: number;
  /** Whom the member asking probes, as the plan says. */
  targets: readonly T[];
  ofPath: (source: string, target: string) => LastTest;
  ofLocations: (source: string, target: string) => LastTest;
  /** How long a member is still left alone after its last test, milliseconds: its other checks get their turn. */
  restMs: (member: string) => number;
  /** Names that are held now. */
  held: ReadonlySet<string>;
  /** Others that have asked lately and could not be given what they wait for: what is older than ours goes first. */
  waiting: readonly Wish[];
}

/** What somebody would test if nothing were in the way. */
export interface Wish {
  member: string;
  names: readonly string[];
  validMs: number;
}

export type Choice<T extends Testable> =
  | { kind: 'test'; target: T; names: string[] }
  /** One is due, and something is in the way. */
  | { kind: 'wait'; target: T; names: string[]; validMs: number; reason: string }
  | { kind: 'none'; afterMs: number; reason: string };

/** While its last tester may be expected back, another member of its location leaves a path to it: its series go on. */
const loyalty = 1.5;

/** What a test takes for itself: both members, and both uplinks. */
export function namesOf(source: Testable, target: Testable): string[] {
  const names = [
    `bandwidth:member:${source.instance_id}`,
    `bandwidth:member:${target.instance_id}`,
    `bandwidth:uplink:${source.location}`,
    `bandwidth:uplink:${target.location}`,
  ];
  return [...new Set(names)];
}

/**
 * Whom a member may test now. Of the location paths that are due, the one whose last valid test is oldest comes first;
 * of the members there the one that was tested last, so that its series go on. What nobody else is in the way of is
 * given, also when an older one has to wait.
 */
export function choose<T extends Testable>(question: Question<T>): Choice<T> {
  const { asking, nowMs, intervalMs } = question;
  const due: { target: T; validMs: number; triedMs: number }[] = [];
  let soonestMs = Infinity;
  for (const [location, targets] of byLocation(question)) {
    const last = question.ofLocations(asking.location, location);
    const own = last.by === undefined || last.by === asking.instance_id;
    const dueMs = last.triedMs + (own ? intervalMs : loyalty * intervalMs);
    const target = preferred(targets, question);
    const rested = nowMs + Math.max(question.restMs(asking.instance_id), question.restMs(target.instance_id));
    if (dueMs > nowMs || rested > nowMs) soonestMs = Math.min(soonestMs, Math.max(dueMs, rested));
    else due.push({ target, validMs: last.validMs, triedMs: last.triedMs });
  }
  due.sort((a, b) => a.validMs - b.validMs || a.triedMs - b.triedMs);
  let blocked: Choice<T> | undefined;
  for (const { target, validMs } of due) {
    const names = namesOf(asking, target);
    const reason = inTheWay(names, validMs, question);
    if (reason === undefined) return { kind: 'test', target, names };
    blocked ??= { kind: 'wait', target, names, validMs, reason };
  }
  if (blocked !== undefined) return blocked;
  if (soonestMs < Infinity)
    return {
      kind: 'none',
      afterMs: soonestMs - nowMs,
      reason: 'nothing is due before that',
    };
  return { kind: 'none', afterMs: intervalMs, reason: 'there is nobody to test a path to' };
}

/** Two at one address are one machine: there is no path between them. */
function byLocation<T extends Testable>({ asking, targets }: Question<T>): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const target of targets) {
    if (target.ip === asking.ip || target.instance_id === asking.instance_id) continue;
    const list = found.get(target.location);
    if (list === undefined) found.set(target.location, [target]);
    else list.push(target);
  }
  return found;
}

function preferred<T extends Testable>(targets: readonly T[], { asking, ofPath }: Question<T>): T {
  const triedMs = (one: T) => ofPath(asking.instance_id, one.instance_id).triedMs;
  return targets.reduce((best, one) => (triedMs(one) > triedMs(best) ? one : best));
}

function inTheWay(
  names: readonly string[],
  validMs: number,
  { held, waiting, asking }: Pick<Question<Testable>, 'held' | 'waiting' | 'asking'>,
): string | undefined {
  if (names.some((name) => held.has(name))) return 'another test uses one of the members or uplinks';
  const older = waiting.some(
    (wish) =>
      wish.member !== asking.instance_id &&
      wish.validMs < validMs &&
      wish.names.some((name) => names.includes(name)) &&
      // One that waits for what is held keeps only that waiting.
      !wish.names.some((name) => held.has(name)),
  );
  return older ? 'an older path that needs the same uplink comes first' : undefined;
}
