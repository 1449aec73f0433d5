import { leaseTimes, type LeaseAnswer } from '@netring/contract/lease';
import { createDesk, type Desk, type Target } from './desk.ts';
import { createGranter, type Granter } from './granter.ts';
import { createSimulatedStore, type SimulatedStore } from './simulated-store.ts';

/** Something that goes wrong. `ms` is how long, or by how much. */
export interface Mishap {
  atMs: number;
  kind:
    | 'flush'
    | 'store clock'
    | 'leader dies'
    | 'leader pauses'
    | 'member crash'
    | 'member pause'
    | 'store away';
  who: number;
  ms: number;
}

export interface Simulation {
  members: number;
  locations: number;
  hours: number;
  mishaps: readonly Mishap[];
  seed: number;
}

export interface Simulated {
  tests: number;
  /** Distinct location paths that were tested. */
  locationPaths: number;
  /** Pairs of tests that shared a name at one time. */
  overlaps: string[];
}

interface Busy {
  fence: number;
  names: string[];
  fromMs: number;
  toMs: number;
}

interface Replica {
  name: string;
  granter: Granter;
  desk: Desk;
  /** Does nothing before. */
  pausedUntilMs: number;
  term: number | undefined;
}

const stepMs = 500;
const leaderMs = 10_000;

/** An hour of a ring, step by step, on the real rule and the real granter: what tests there were, and which overlapped. */
export async function simulate(simulation: Simulation): Promise<Simulated> {
  const random = randomOf(simulation.seed);
  let nowMs = 0;
  const store = createSimulatedStore(() => nowMs);
  const members = Array.from({ length: simulation.members }, (_, n): Target => {
    const location = `site${n % simulation.locations}`;
    return { instance_id: `m${n}`, location, ip: `10.0.0.${n}`, port: 8757 };
  });
  const tests = new Map<string, number>();
  const done: Busy[] = [];
  const replicas = ['one', 'two', 'three'].map((name) =>
    newReplica(name, store, members, tests, () => nowMs),
  );
  const due = members.map(() => random() * 30_000);
  const lives = members.map(() => 0);
  const mishaps = [...simulation.mishaps].sort((a, b) => a.atMs - b.atMs);
  const paths = new Set<string>();

  const happen = ({ kind, who, ms }: Mishap) => {
    const at = Math.max(
      0,
      replicas.findIndex((one) => one.term !== undefined),
    );
    const replica = replicas[at];
    if (replica === undefined) return;
    const longMs = Math.abs(ms) % 90_000;
    switch (kind) {
      case 'flush':
        return store.flush();
      case 'store clock':
        return store.jump(ms);
      case 'store away':
        return store.away(longMs);
      case 'leader dies':
        return void (replicas[replicas.indexOf(replica)] = newReplica(
          `${replica.name}'`,
          store,
          members,
          tests,
          () => nowMs,
        ));
      case 'leader pauses':
        return void (replica.pausedUntilMs = nowMs + longMs);
      case 'member crash':
        due[who] = nowMs + longMs;
        lives[who] = (lives[who] ?? 0) + 1;
        // Its far end notices at once, or not before its own deadline.
        return crash(done, `m${who}`, nowMs, random() < 0.5);
      case 'member pause':
        return void (due[who] = Math.max(due[who] ?? 0, nowMs + longMs));
    }
  };

  for (; nowMs < simulation.hours * 3_600_000; nowMs += stepMs) {
    while ((mishaps[0]?.atMs ?? Infinity) <= nowMs) happen(mishaps.shift() as Mishap);
    for (const replica of replicas) await lead(replica, store, nowMs);
    for (const [n, member] of members.entries()) {
      if ((due[n] ?? 0) > nowMs) continue;
      const answer = await ask(replicas, member, nowMs, random);
      // The answer may be slow: the member counts from when it asked.
      const delayMs = random() < 0.1 ? random() * 5_000 : 0;
      if (answer.status === 'later') {
        due[n] = nowMs + Math.max(1_000, Math.min(300_000, answer.ask_again_ms));
        continue;
      }
      const { lease } = answer;
      const target = members.find((one) => one.instance_id === lease.target.instance_id) as Target;
      due[n] = nowMs + lease.deadline_ms + 5_000;
      if (delayMs > leaseTimes.beginWithin) continue;
      const tookMs = random() < 0.2 ? Infinity : 6_000 + random() * 10_000;
      const fromMs = nowMs + delayMs;
      const toMs = Math.min(fromMs + tookMs, nowMs + lease.deadline_ms, fromMs + leaseTimes.farEnd);
      const names = [member.instance_id, target.instance_id, `@${member.location}`, `@${target.location}`];
      done.push({ fence: lease.fence, names: [...new Set(names)], fromMs, toMs });
      paths.add(`${member.location}>${target.location}`);
      tests.set(`${member.instance_id}>${target.instance_id}`, toMs);
      if (tookMs < Infinity && random() < 0.8) due[n] = toMs + 5_000;
      if (tookMs < Infinity && random() < 0.8) store.later(toMs, () => release(replicas, store, lease.id));
    }
    await store.due();
  }
  return { tests: done.length, locationPaths: paths.size, overlaps: overlapsIn(done) };
}

function newReplica(
  name: string,
  store: SimulatedStore,
  members: readonly Target[],
  tests: ReadonlyMap<string, number>,
  now: () => number,
): Replica {
  const granter = createGranter({
    store,
    now,
    stillLeads: () => store.lease.renew(['leader'], name, leaderMs),
  });
  const of = (id: string) => members.find((one) => one.instance_id === id);
  const lastOf = (pairs: (source: Target, target: Target) => boolean) => {
    const found = { validMs: 0, triedMs: 0, by: undefined as string | undefined };
    for (const [path, atMs] of tests) {
      const [source, target] = path.split('>').map(of);
      if (source === undefined || target === undefined || !pairs(source, target) || atMs < found.triedMs)
        continue;
      Object.assign(found, { validMs: atMs, triedMs: atMs, by: source.instance_id });
    }
    return found;
  };
  const desk = createDesk({
    granter,
    nowMs: now,
    member: of,
    targetsOf: (id) => members.filter((one) => one.instance_id !== id && one.location !== of(id)?.location),
    last: (a, b) => lastOf((source, target) => source.instance_id === a && target.instance_id === b),
    lastOfLocations: (a, b) => lastOf((source, target) => source.location === a && target.location === b),
    locationCount: () => 5,
    token: '',
  });
  return { name, granter, desk, pausedUntilMs: 0, term: undefined };
}

/** Every three seconds, as `leader.ts` does it. */
async function lead(replica: Replica, store: SimulatedStore, nowMs: number): Promise<void> {
  if (replica.pausedUntilMs > nowMs || nowMs % 3_000 !== 0) return;
  try {
    const kept = replica.term !== undefined && (await store.lease.renew(['leader'], replica.name, leaderMs));
    if (!kept) replica.term = (await store.lease.acquire(['leader'], replica.name, leaderMs))?.fence;
    if (replica.term !== undefined) await replica.granter.lead(replica.term);
  } catch {
    // The store is away: whoever led believes so until its term ends.
  }
}

let asked = 0;

async function ask(
  replicas: readonly Replica[],
  member: Target,
  nowMs: number,
  random: () => number,
): Promise<LeaseAnswer> {
  const none: LeaseAnswer = { status: 'later', ask_again_ms: 10_000, reason: 'nobody leads' };
  // A replica that was held up may still believe that it leads, and answer: whichever comes first.
  const leading = replicas.filter((one) => one.term !== undefined && one.pausedUntilMs <= nowMs);
  const replica = leading[Math.floor(random() * leading.length)];
  if (replica === undefined) return none;
  try {
    const stillMs = await replica.granter.lead(replica.term as number);
    if (stillMs > 0) return { ...none, ask_again_ms: stillMs };
    const id = `lease${asked++}`;
    return (await replica.desk.answer({ id, member: member.instance_id, intervalMs: 300_000 })).answer;
  } catch {
    return none;
  }
}

async function release(replicas: readonly Replica[], store: SimulatedStore, id: string): Promise<void> {
  for (const { granter } of replicas) granter.ended(id);
  await store.releaseAll(id);
}

/** The tests of a member that dies end, at its own end at least. */
function crash(done: Busy[], id: string, nowMs: number, isNoticed: boolean): void {
  for (const test of done)
    if (test.names[0] === id && test.toMs > nowMs && isNoticed) test.toMs = Math.max(test.fromMs, nowMs);
}

function overlapsIn(tests: readonly Busy[]): string[] {
  const found: string[] = [];
  const sorted = [...tests].sort((a, b) => a.fromMs - b.fromMs);
  for (const [at, one] of sorted.entries()) {
    for (const other of sorted.slice(at + 1)) {
      if (other.fromMs >= one.toMs) break;
      const shared = one.names.filter((name) => other.names.includes(name));
      if (shared.length > 0)
        found.push(`${shared.join(' ')}: ${one.fromMs}–${one.toMs} and ${other.fromMs}–${other.toMs}`);
    }
  }
  return found;
}

/** mulberry32: small, and the same for one seed everywhere. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
