import type { MemberPath, PathCheck, PathsAnswer } from '@netring/contract/path';
import type { Outcome } from '@netring/contract/result';
import type { Pair } from '../address/address-bar.ts';
import { byName } from '../words/by-name.ts';
import { latencyText } from '../words/measure.ts';
import type { ShownState } from '../words/path-state.ts';

/** More member pairs than this are counted, not drawn. */
export const mostPairs = 60;

const rank: Record<ShownState, number> = {
  down: 0,
  degraded: 1,
  unanswered: 2,
  unknown: 3,
  unproved: 4,
  ok: 5,
};

/** The member pairs of a location pair, the worst first, then by name. */
export function memberPairs(answer: PathsAnswer, pair: Pair): MemberPath[] {
  return answer.member_paths
    .filter((path) => path.target_kind === pair.kind)
    .sort(
      (one, other) =>
        rank[shownState(one)] - rank[shownState(other)] ||
        byName(one.source, other.source) ||
        byName(one.target, other.target),
    );
}

/** What is shown as the state of a member path. */
export function shownState(path: Pick<MemberPath, 'state' | 'proved' | 'answering'>): ShownState {
  if (!path.proved) return 'unproved';
  return path.state === 'ok' && !path.answering ? 'unanswered' : path.state;
}

/** The name of a far end: an external target has its name as location. */
export function farEnd(path: MemberPath): string {
  return path.target_kind === 'external' ? path.target_location : path.target;
}

const outcomeWords: Record<Outcome, string> = {
  ok: 'ok',
  timeout: 'timed out',
  refused: 'refused',
  unreachable: 'unreachable',
  resolve_failed: 'name not resolved',
  tls_failed: 'TLS failed',
  bad_status: 'unexpected status',
  inconclusive: 'inconclusive',
  void: 'void: the prober was unfit',
};

/** One check, as the table shows it; empty where nothing is known. */
export interface CheckRow {
  key: string;
  kind: string;
  endpoint: string;
  outcome: string;
  latency: string;
  p50: string;
  p95: string;
  lost: string;
  /** Results that do not count, because the prober itself was unfit. */
  voided: string;
  status: string;
  atMs: number;
  reason: string;
}

/** What the newest result and the last minute of one check say. */
export function checkRow(check: PathCheck): CheckRow {
  const { window } = check;
  const say = (ms: number | undefined): string => (ms === undefined ? '' : latencyText(ms));
  return {
    key: `${check.kind} ${check.endpoint ?? ''}`,
    kind: check.kind.toUpperCase(),
    endpoint: check.endpoint ?? '',
    outcome: outcomeWords[check.outcome],
    latency: say(check.latency_ms),
    p50: say(window.p50_ms),
    p95: say(window.p95_ms),
    lost: `${window.lost} of ${window.sent}`,
    voided: window.voided > 0 ? String(window.voided) : '',
    status: check.status === undefined ? '' : String(check.status),
    atMs: check.at_ms,
    reason: check.reason ?? '',
  };
}
