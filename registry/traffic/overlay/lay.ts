import type { PathState } from '@netring/contract/path';
import type { DependencyFacts, EndFacts, HostFacts } from '../facts.ts';
import { coveredByLocations, coveredByMembers } from './cover.ts';
import type { Laid } from './laid.ts';
import type { MeasuredPaths } from './measured-paths.ts';

/** Of more machine pairs than these the busiest speak for the rest. */
const mostPairs = 16;

const badness: Record<PathState, number> = { down: 3, degraded: 2, ok: 1, unknown: 0 };

/** Lays the measured path under a dependency: a pure function of its ends and of what is measured. */
export function lay(
  { source, target, memberPairs }: Pick<DependencyFacts, 'source' | 'target' | 'memberPairs'>,
  paths: MeasuredPaths,
  nowMs: number,
): Laid {
  const isLocal = memberPairs.length > 0 || shareMachines(source, target);
  const apart = busiestApart(memberPairs);
  if (apart.length === 0 && isLocal) return local(source, target);
  const covers = apart.map(
    (pair) =>
      coveredByMembers(pair, paths, nowMs) ??
      coveredByLocations(source.location, target.location, paths, nowMs),
  );
  if (apart.length === 0) covers.push(coveredByLocations(source.location, target.location, paths, nowMs));
  const measured = covers.filter((one) => one !== undefined);
  if (measured.length === 0) {
    const why = apart.flatMap((pair) => paths.memberPath(pair.source, pair.target, nowMs)?.reasons[0] ?? []);
    return notMeasured(source, target, apart.length > 0, why[0]);
  }
  return together(measured, covers.length);
}

/** In an order that does not change with who is busier just now: of equally bad paths the same one stays shown. */
function busiestApart(pairs: DependencyFacts['memberPairs']): DependencyFacts['memberPairs'] {
  const apart = pairs.filter(({ source, target }) => source !== target).slice(0, mostPairs);
  const nameOf = ({ source, target }: (typeof apart)[number]) => `${source}\n${target}`;
  return apart.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function shareMachines(source: EndFacts, target: EndFacts): boolean {
  const isSame = (one: HostFacts, other: HostFacts) =>
    one.member === undefined ? one.address === other.address : one.member === other.member;
  // The same private address at two sites is two machines.
  const isOnePlace = source.location === target.location;
  return (
    isOnePlace &&
    source.hosts.length > 0 &&
    target.hosts.length > 0 &&
    source.hosts.every((one) => target.hosts.every((other) => isSame(one, other)))
  );
}

function local(source: EndFacts, target: EndFacts): Laid {
  const reason = `${source.name} and ${target.name} run on one machine: no network path lies between them`;
  return { under: { kind: 'local', state: 'unknown', reasons: [reason] }, sent: 0, lost: 0 };
}

/** @param why what is said of the path between their members, where there is one */
function notMeasured(source: EndFacts, target: EndFacts, hasMembers: boolean, why?: string): Laid {
  const reason = whyNotMeasured(source, target, hasMembers) + (why === undefined ? '' : `: ${why}`);
  return {
    under: { kind: 'none', state: 'unknown', reasons: [reason] },
    sent: 0,
    lost: 0,
  };
}

function whyNotMeasured(source: EndFacts, target: EndFacts, hasMembers: boolean): string {
  if (hasMembers) return `nobody has measured the path from ${source.name} to ${target.name} lately`;
  const outside = [source, target].find((one) => one.location === undefined);
  if (outside !== undefined)
    return `${outside.name} is outside every location: nobody measures the way to it`;
  return `nobody has measured the path from ${source.location} to ${target.location} lately`;
}

/** The worst of them; `ok` only where each is measured. */
function together(measured: readonly Laid[], of: number): Laid {
  const worst = measured.reduce((a, b) => (isWorse(b, a) ? b : a));
  const missing = of - measured.length;
  const { under } = worst;
  const reasons = [...under.reasons];
  if (of > 1) reasons.push(`${of} pairs of machines carry it; the worst of their paths is shown`);
  if (missing > 0) reasons.push(`${missing} of these ${of} pairs are not measured`);
  const state = missing > 0 && under.state === 'ok' ? 'unknown' : under.state;
  return { ...worst, under: { ...under, state, reasons } };
}

function isWorse(one: Laid, other: Laid): boolean {
  const by = badness[one.under.state] - badness[other.under.state];
  if (by !== 0) return by > 0;
  return (one.under.rtt_ms ?? 0) > (other.under.rtt_ms ?? 0);
}
