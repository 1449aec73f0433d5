import type { ExternalTarget, MemberView } from '@netring/contract/member';
import type { LocationPath } from '@netring/contract/path';
import type { Picture } from '../live/picture.ts';
import { byName } from '../words/by-name.ts';
import { summaryOf } from '../words/source-summary.ts';

/** An address outside the ring, as all members together know it. */
export interface External {
  name: string;
  /** Each address under this name once: members may disagree. */
  targets: readonly ExternalTarget[];
  /** The paths from locations to it, by source. */
  paths: readonly LocationPath[];
}

/** Every external target that a present member or a path names, in the order of names. */
export function externalsOf(picture: Picture): External[] {
  const targets = new Map<string, Map<string, ExternalTarget>>();
  const paths = new Map<string, LocationPath[]>();
  for (const member of picture.members.values()) if (isPresent(member)) collect(targets, member);
  for (const ofSource of picture.paths.values()) {
    for (const path of summaryOf(ofSource).external) {
      paths.set(path.target, [...(paths.get(path.target) ?? []), path]);
    }
  }
  return [...new Set([...targets.keys(), ...paths.keys()])].sort(byName).map((name) => ({
    name,
    targets: [...(targets.get(name)?.values() ?? [])],
    paths: (paths.get(name) ?? []).sort((one, other) => byName(one.source, other.source)),
  }));
}

function isPresent(member: MemberView): boolean {
  return member.status !== 'deregistered';
}

function collect(targets: Map<string, Map<string, ExternalTarget>>, member: MemberView): void {
  for (const target of member.external_targets) {
    const known = targets.get(target.name) ?? new Map<string, ExternalTarget>();
    known.set(`${target.kind} ${target.address}`, target);
    targets.set(target.name, known);
  }
}
