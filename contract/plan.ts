/**
 * Which targets a member probes: a pure function of the member list and an epoch, which registry and members both
 * compute.
 *
 * Up to `fullMeshLimit` members everybody probes everybody. Above it each member probes
 * - its next `ringSpan` members on a hash ring, so that every member is probed by exactly as many (choosing targets by
 *   rendezvous hashing instead leaves some members unprobed),
 * - its share of two member pairs for each ordered pair of locations, so that every location path stays covered,
 * - `rotating` more that move on with the epoch, so that every pair is looked at in the long run.
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

/** The plan of the member called `self`; empty when it is not in the list. */
export function planFor<M extends Planned>(
  members: readonly M[],
  self: string,
  epoch: number,
  options: PlanOptions = defaultPlanOptions,
): Plan<M> {
  const ring = ringOf(members);
  const at = ring.findIndex((member) => member.instance_id === self);
  if (at < 0) return { fixed: [], rotating: [] };
  const others = ring.length - 1;
  if (ring.length <= options.fullMeshLimit) return { fixed: ring.filter((_, i) => i !== at), rotating: [] };

  const next = (distance: number): M => ring[(at + distance) % ring.length] as M;
  const fixed = new Map<string, M>();
  for (let d = 1; d <= Math.min(options.ringSpan, others); d++) fixed.set(next(d).instance_id, next(d));
  for (const target of crossLocationTargets(ring, ring[at] as M)) fixed.set(target.instance_id, target);

  const beyond = others - options.ringSpan;
  const rotating = new Map<string, M>();
  for (let i = 0; i < Math.min(options.rotating, beyond); i++) {
    const target = next(options.ringSpan + 1 + ((epoch * options.rotating + i) % beyond));
    if (!fixed.has(target.instance_id)) rotating.set(target.instance_id, target);
  }
  return { fixed: [...fixed.values()], rotating: [...rotating.values()] };
}

/** Members in the order of their hash; ties by id, so that both sides agree. */
function ringOf<M extends Planned>(members: readonly M[]): M[] {
  return members
    .map((member) => ({ member, hash: hashOf(member.instance_id) }))
    .sort((a, b) => a.hash - b.hash || (a.member.instance_id < b.member.instance_id ? -1 : 1))
    .map(({ member }) => member);
}

/** Two pairs for each ordered pair of locations, dealt out in turn so that no member carries more than its share. */
function crossLocationTargets<M extends Planned>(ring: readonly M[], self: M): M[] {
  const byLocation = new Map<string, M[]>();
  for (const member of ring) {
    const list = byLocation.get(member.location);
    if (list) list.push(member);
    else byLocation.set(member.location, [member]);
  }
  const names = [...byLocation.keys()].sort();
  const mine = byLocation.get(self.location) ?? [];
  const myIndex = mine.indexOf(self);
  const targets: M[] = [];
  names
    .filter((name) => name !== self.location)
    .forEach((name, rank) => {
      const theirs = byLocation.get(name) ?? [];
      const backRank = names.filter((other) => other !== name).indexOf(self.location);
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
