import type { MemberStatus, MemberView } from '@netring/contract/member';
import { byName } from '../words/by-name.ts';

/** The statuses in the order in which they are counted out. */
export const statusOrder: readonly MemberStatus[] = ['online', 'stale', 'offline', 'deregistered'];

/** The members of one location. */
export interface Group {
  location: string;
  members: readonly MemberView[];
  /** Members with nothing to say, folded away to keep a big ring readable. */
  folded: readonly MemberView[];
  counts: Record<MemberStatus, number>;
}

/** What of the members is shown. */
export interface Shown {
  offline: boolean;
  deregistered: boolean;
}

/** With more members than this, quiet ones are folded. */
export const foldBeyond = 60;
/** How many quiet members of a location stay on screen when folding; with more members than `manyMembers`, none. */
const quietShown = 3;
const manyMembers = 300;

/** Whether the filter hides this member. */
export function hides(shown: Shown, member: MemberView): boolean {
  return (
    (member.status === 'offline' && !shown.offline) ||
    (member.status === 'deregistered' && !shown.deregistered)
  );
}

/** Members by location, both in the order of their names, so that nothing moves when a status changes. */
export function groupMembers(members: Iterable<MemberView>, shown: Shown): Group[] {
  const byLocation = new Map<string, MemberView[]>();
  let total = 0;
  for (const member of members) {
    if (hides(shown, member)) continue;
    total += 1;
    const group = byLocation.get(member.location);
    if (group === undefined) byLocation.set(member.location, [member]);
    else group.push(member);
  }
  return [...byLocation]
    .sort(([one], [other]) => byName(one, other))
    .map(([location, group]) => groupOf(location, group, quietOf(total)));
}

/** How many quiet members of a location are shown among `total` members. */
function quietOf(total: number): number {
  if (total <= foldBeyond) return Infinity;
  return total <= manyMembers ? quietShown : 0;
}

function groupOf(location: string, members: MemberView[], most: number): Group {
  members.sort((one, other) => byName(one.instance_id, other.instance_id));
  const counts = countStatuses(members);
  const quiet = new Set(members.filter(isQuiet).slice(most));
  return {
    location,
    members: members.filter((member) => !quiet.has(member)),
    folded: [...quiet],
    counts,
  };
}

/** How many members have which status. */
export function countStatuses(members: Iterable<MemberView>): Record<MemberStatus, number> {
  const counts: Record<MemberStatus, number> = { online: 0, stale: 0, offline: 0, deregistered: 0 };
  for (const member of members) counts[member.status] += 1;
  return counts;
}

function isQuiet(member: MemberView): boolean {
  return (
    member.status === 'online' &&
    member.proved &&
    member.peers !== 'unreachable' &&
    member.probes_off.length === 0
  );
}
