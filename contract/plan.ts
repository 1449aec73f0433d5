/**
 * Which targets a member probes: a pure function of the member list and an epoch, which registry and members both
 * compute.
 *
 * Up to `fullMeshLimit` members everybody probes everybody. Above it each member probes
 * - its next `ringSpan` members on a hash ring, so that every member is probed by exactly as many (choosing targets by
 *   rendezvous hashing instead leaves some members unprobed),
 * - its share of two member pairs for each ordered pair of locations, so that every location path stays covered,
 * - `rotating` more that move on with the epoch, so that every pair is looked at in the long run.
 *
 * Whom it probes depends on nothing else. In which order does: what is asked for most is probed first.
 */
export interface Planned {
  instance_id: string;
  location: string;
}

export interface PlanOptions {
  /** A full mesh of n members is n·(n−1) paths: 992 at 32. */
  fullMeshLimit: number;
  /** Raising it raises every member's probes and series by one each. */
  ringSpan: number;
  rotating: number;
}

export const defaultPlanOptions: PlanOptions = { fullMeshLimit: 32, ringSpan: 8, rotating: 2 };

/** The targets of one member. `fixed` ones have series of their own; `rotating` ones change with the epoch. */
export interface Plan<M extends Planned> {
  fixed: M[];
  rotating: M[];
}

/** Two locations between which there is traffic, from caller to callee. */
export interface LocationPair {
  source: string;
  target: string;
}

/**
 * The plan of the member called `self`; empty when it is not in the list.
 *
 * @param heaviest pairs of locations with the heaviest observed traffic first: targets there come first in each part
 */
export function planFor<M extends Planned>(
  members: readonly M[],
  self: string,
  epoch: number,
  options: PlanOptions = defaultPlanOptions,
  heaviest: readonly LocationPair[] = [],
): Plan<M> {
  const plan = createPlanner(members, options)(self, epoch);
  if (heaviest.length === 0) return plan;
  const location = members.find((one) => one.instance_id === self)?.location;
  const rank = ranksFrom(location, heaviest);
  // Sorting is stable: targets of one rank stay as they were.
  const inOrder = (targets: readonly M[]): M[] =>
    [...targets].sort((a, b) => (rank.get(a.location) ?? lightest) - (rank.get(b.location) ?? lightest));
  return { fixed: inOrder(plan.fixed), rotating: inOrder(plan.rotating) };
}

const lightest = Number.MAX_SAFE_INTEGER;

/** Where each location stands as seen from one. Requests go one way and answers the other: both need the path. */
function ranksFrom(self: string | undefined, heaviest: readonly LocationPair[]): Map<string, number> {
  const ranks = new Map<string, number>();
  heaviest.forEach(({ source, target }, at) => {
    const other = source === self ? target : target === self ? source : undefined;
    if (other !== undefined && !ranks.has(other)) ranks.set(other, at);
  });
  return ranks;
}

/** `planFor` for many members of one list: what depends on the list alone is worked out once. */
export function createPlanner<M extends Planned>(
  members: readonly M[],
  options: PlanOptions = defaultPlanOptions,
): (self: string, epoch: number) => Plan<M> {
  const ring = ringOf(members);
  const positions = new Map(ring.map((member, at) => [member.instance_id, at]));
  const byLocation = locationsOf(ring);
  const names = [...byLocation.keys()].sort();
  return (self, epoch) => {
    const at = positions.get(self);
    if (at === undefined) return { fixed: [], rotating: [] };
    if (ring.length <= options.fullMeshLimit) return { fixed: ring.filter((_, i) => i !== at), rotating: [] };
    const fixed = new Map<string, M>();
    for (let d = 1; d <= Math.min(options.ringSpan, ring.length - 1); d++) {
      const next = ring[(at + d) % ring.length] as M;
      fixed.set(next.instance_id, next);
    }
    for (const target of crossLocationTargets(byLocation, names, ring[at] as M))
      fixed.set(target.instance_id, target);
    return { fixed: [...fixed.values()], rotating: rotatingTargets(ring, at, epoch, options, fixed) };
  };
}

/** Beyond the ring's fixed span, a stretch that moves on with every epoch: the same for all, so in-degree stays exact. */
function rotatingTargets<M extends Planned>(
  ring: readonly M[],
  at: number,
  epoch: number,
  options: PlanOptions,
  fixed: ReadonlyMap<string, M>,
): M[] {
  const beyond = ring.length - 1 - options.ringSpan;
  const targets: M[] = [];
  for (let i = 0; i < Math.min(options.rotating, beyond); i++) {
    const distance = options.ringSpan + 1 + ((epoch * options.rotating + i) % beyond);
    const target = ring[(at + distance) % ring.length] as M;
    if (!fixed.has(target.instance_id)) targets.push(target);
  }
  return targets;
}

function locationsOf<M extends Planned>(ring: readonly M[]): Map<string, M[]> {
  const byLocation = new Map<string, M[]>();
  for (const member of ring) {
    const list = byLocation.get(member.location);
    if (list) list.push(member);
    else byLocation.set(member.location, [member]);
  }
  return byLocation;
}

/** Members in the order of their hash; ties by id, so that both sides agree. */
function ringOf<M extends Planned>(members: readonly M[]): M[] {
  return members
    .map((member) => ({ member, hash: hashOf(member.instance_id) }))
    .sort((a, b) => a.hash - b.hash || (a.member.instance_id < b.member.instance_id ? -1 : 1))
    .map(({ member }) => member);
}

/** Two pairs for each ordered pair of locations, dealt out in turn so that no member carries more than its share. */
function crossLocationTargets<M extends Planned>(
  byLocation: ReadonlyMap<string, readonly M[]>,
  names: readonly string[],
  self: M,
): M[] {
  const mine = byLocation.get(self.location) ?? [];
  const myIndex = mine.indexOf(self);
  const myRank = names.indexOf(self.location);
  const targets: M[] = [];
  names.forEach((name, at) => {
    if (at === myRank) return;
    const theirs = byLocation.get(name) ?? [];
    // The rank of each among the other's neighbours, so that every member gets its turn on both ends.
    const rank = at < myRank ? at : at - 1;
    const backRank = myRank < at ? myRank : myRank - 1;
    for (let pair = 0; pair < 2; pair++) {
      if ((2 * rank + pair) % mine.length !== myIndex) continue;
      targets.push(theirs[(2 * backRank + pair) % theirs.length] as M);
    }
  });
  return targets;
}

/** FNV-1a with the finalizer of MurmurHash3, 32 bits: spreads ids that differ in their last character only. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
