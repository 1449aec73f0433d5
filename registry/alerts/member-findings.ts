import type { MemberView } from '@netring/contract/member';
import { finding, percent, type Finding } from './finding.ts';
import type { Rules } from './rules.ts';
import type { Seen } from './seen.ts';

/** Members whose last signs of life lie this close together fell silent together: their heartbeats are as far apart. */
const togetherMs = 15_000;

/** What is wrong with members, as the registry and their peers see them. */
export function memberFindings({ members }: Seen, rules: Rules): Finding[] {
  const kept = members.filter(({ status }) => status !== 'deregistered');
  const deaf = rules.get('registry_deaf');
  const wave = deaf === undefined ? undefined : waveOf(kept, deaf.threshold);
  const inWave = new Set(wave?.silent.map(({ instance_id }) => instance_id));
  const alone = kept.filter((one) => isSilent(one) && !inWave.has(one.instance_id));
  const single = alone.map(silentFinding).filter(({ rule }) => rules.has(rule));
  return wave === undefined || deaf === undefined ? single : [deafFinding(wave, deaf.threshold), ...single];
}

interface Wave {
  silent: MemberView[];
  /** Members that were heard until then. */
  of: number;
}

function isSilent({ status }: MemberView): boolean {
  return status === 'stale' || status === 'offline';
}

/** The largest group of members that fell silent together, if it is more than `share` of those heard until then. */
function waveOf(members: readonly MemberView[], share: number): Wave | undefined {
  const silent = members.filter(isSilent).sort((a, b) => a.last_seen - b.last_seen);
  let best: MemberView[] = [];
  let from = 0;
  for (let to = 0; to < silent.length; to++) {
    while (((silent[to]?.last_seen ?? 0) - (silent[from]?.last_seen ?? 0)) * 1000 > togetherMs) from++;
    // Of equals the latest: it is the one that is news.
    if (to - from + 1 >= best.length) best = silent.slice(from, to + 1);
  }
  const first = best[0];
  if (first === undefined || best.length < 2) return undefined;
  const of = members.filter(({ last_seen }) => last_seen >= first.last_seen).length;
  return best.length > share * of ? { silent: best, of } : undefined;
}

function deafFinding({ silent, of }: Wave, threshold: number): Finding {
  const locations = [...new Set(silent.map(({ location }) => location))].sort();
  return finding({
    rule: 'registry_deaf',
    subject: {},
    summary: `the registry hears nobody from ${listed(locations)}: ${silent.length} of ${of} members fell silent together (${percent(silent.length / of)})`,
    value: silent.length / of,
    threshold,
    members: silent.map(({ instance_id }) => instance_id).sort(),
  });
}

function silentFinding({ instance_id, location, peers }: MemberView): Finding {
  const subject = { location, instance_id };
  if (peers === 'reachable') {
    const summary = `the registry does not hear ${instance_id} (${location}), which other members reach`;
    return finding({ rule: 'control_path_lost', subject, summary });
  }
  const others = peers === 'unreachable' ? 'no other member reaches it' : 'no other member measures it';
  const summary = `${instance_id} (${location}) is silent, and ${others}`;
  return finding({ rule: 'member_down', subject, summary });
}

/** `a`, `a and b`, `a, b and c`; of many the first ones. */
export function listed(names: readonly string[], most = 6): string {
  if (names.length > most) return `${names.slice(0, most).join(', ')} and ${names.length - most} others`;
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
