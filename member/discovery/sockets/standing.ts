import type { SourceHealth } from '@netring/contract/inventory';
import type { ReadOutcome } from './reader.ts';
import type { ScanOutcome } from './scanner.ts';

/** How looking at sockets stands, as its book says it. */
export interface Standing {
  state: SourceHealth['state'];
  reason?: string;
  losses: string[];
}

/** What is known beside one look. */
export interface StandingFacts {
  intervalMs: number;
  /** What it would be if looking cost nothing. */
  wantedMs: number;
  costMs: number;
  conntrack: 'read' | 'empty' | 'absent';
}

/** Says in sentences what sockets cannot see here and now, with what to do about it. */
export function standingOf(scan: ScanOutcome, facts: StandingFacts): Standing {
  const reasons = [...readReasons(scan), ...costReasons(facts)];
  const isBlind = scan.look.reads.every(({ outcome }) => outcome.outcome === 'unseen');
  return {
    state: isBlind ? 'off' : reasons.length > 0 ? 'limited' : 'ok',
    ...(reasons.length === 0 ? {} : { reason: reasons.join('; ').slice(0, 500) }),
    losses: losses(scan, facts),
  };
}

function readReasons(scan: ScanOutcome): string[] {
  const reasons: string[] = [];
  const of = (outcome: ReadOutcome['outcome']): { reason: string }[] =>
    scan.look.reads.map((one) => one.outcome).filter((one) => one.outcome === outcome && 'reason' in one) as {
      reason: string;
    }[];
  const [addresses, unseen, cut] = [of('addresses'), of('unseen'), of('cut short')];
  if (addresses[0] !== undefined)
    reasons.push(
      `${namespaces(addresses.length)} read from /proc, without round trips, bytes and retransmissions, since ${addresses[0].reason} (install iproute2; give CAP_NET_ADMIN, CAP_SYS_ADMIN and CAP_SYS_PTRACE)`,
    );
  if (unseen[0] !== undefined)
    reasons.push(
      `${namespaces(unseen.length)} not seen, since ${unseen[0].reason} (give CAP_SYS_ADMIN and CAP_SYS_PTRACE)`,
    );
  if (cut[0] !== undefined) reasons.push(`${namespaces(cut.length)} not seen whole, since ${cut[0].reason}`);
  if (scan.look.leftOut > 0) reasons.push(`${namespaces(scan.look.leftOut)} beyond the bound left out`);
  if (scan.hiddenProcesses > 0)
    reasons.push(
      `${scan.hiddenProcesses} processes of other users may not be looked into (run as root, or give CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH)`,
    );
  return reasons;
}

function costReasons({ intervalMs, wantedMs, costMs }: StandingFacts): string[] {
  if (intervalMs <= wantedMs) return [];
  return [
    `a look takes ${Math.round(costMs)} ms of processor time: it looks every ${seconds(intervalMs)} s instead of every ${seconds(wantedMs)} s, to stay below 5 % of a core`,
  ];
}

function losses(scan: ScanOutcome, { intervalMs, conntrack }: StandingFacts): string[] {
  const { opened, seen } = scan.share;
  const missed = Math.max(0, opened - seen);
  const said = [
    opened === 0
      ? `connections that live shorter than ${seconds(intervalMs)} s may be missed`
      : `of ${opened} connection ends opened in the last looks, ${missed} (${Math.round((100 * missed) / opened)} %) were gone before a look could see them`,
    'bytes that a connection carries after its last look are not counted; UDP has neither bytes nor round trips',
  ];
  if (conntrack !== 'read')
    said.push(
      conntrack === 'absent'
        ? 'connection tracking cannot be read: short connections and translated addresses are not seen'
        : 'connection tracking is empty: short connections and translated addresses are not seen',
    );
  if (scan.unownedListeners > 0)
    said.push(
      `${scan.unownedListeners} listeners have no process that may be seen: they are called by their port`,
    );
  const unseen = scan.leftOut.get('other_end_unseen') ?? 0;
  if (unseen > 0)
    said.push(
      `${unseen} new connections inside the host are not told, since one of their processes was not seen`,
    );
  return said;
}

function namespaces(count: number): string {
  return count === 1 ? 'one network namespace is' : `${count} network namespaces are`;
}

function seconds(ms: number): string {
  return String(Math.round(ms / 100) / 10);
}
