import type { PathState } from '@netring/contract/path';
import { answered, type Outcome, type Result } from '@netring/contract/result';

/** What one kind of probe knows of a path, as far as the state needs it. */
export interface Evidence {
  /** The newest result that counts (no `void`); its `ended_ms` is not looked at. */
  last: Result | undefined;
  /** `/health`, for http. */
  endpoint: string | undefined;
  ageMs: number;
  /** Older than this, it says nothing about now. */
  freshMs: number;
  /** Attempts of the window, as far as they are younger than the path's last recovery. */
  sent: number;
  lost: number;
}

export interface PathVerdict {
  state: PathState;
  /** Sentences with numbers; the first is the one to show. */
  reasons: string[];
  /** False: the path is up, and what is at its end does not answer as it should. */
  answering: boolean;
}

/** Loss below either is not worth a colour: a single lost packet of a dozen proves nothing. */
const lossyFromLost = 2;
const lossyFromRatio = 0.05;

const unreachableOutcomes: readonly Outcome[] = ['timeout', 'unreachable'];

/** The state of a path from what its probes found: `down` only when nothing at the far end answers in any way. */
export function pathState(evidence: readonly Evidence[]): PathVerdict {
  const fresh = evidence.filter((one) => one.last !== undefined && one.ageMs <= one.freshMs);
  if (fresh.length === 0) return { state: 'unknown', reasons: [whyUnknown(evidence)], answering: true };
  const saying = fresh.map((one) => ({ ...one, last: one.last as Result }));
  const answers = saying.filter((one) => answered(one.last));
  const silent = saying.filter((one) => unreachableOutcomes.includes(one.last.outcome));
  if (answers.length === 0) {
    if (silent.length === 0) return { state: 'unknown', reasons: saying.map(sentence), answering: false };
    return { state: 'down', reasons: silent.map(sentence), answering: true };
  }
  const trouble = saying.filter((one) => one.last.outcome !== 'ok').map(sentence);
  const lossy = saying.filter((one) => one.lost >= lossyFromLost && one.lost >= lossyFromRatio * one.sent);
  const tcpSilent = silent.some((one) => one.last.kind === 'tcp');
  const state = tcpSilent || lossy.length > 0 ? 'degraded' : 'ok';
  return { state, reasons: [...lossy.map(lossSentence), ...trouble], answering: trouble.length === 0 };
}

function whyUnknown(evidence: readonly Evidence[]): string {
  const known = evidence.filter((one) => one.last !== undefined);
  if (known.length === 0) return 'not measured yet';
  const ageMs = Math.min(...known.map((one) => one.ageMs));
  return `no measurement for ${seconds(ageMs)}`;
}

function lossSentence(one: Evidence & { last: Result }): string {
  const what = one.last.kind === 'tcp' ? 'TCP connects' : 'HTTP requests';
  return `${one.lost} of ${one.sent} ${what} were lost within a minute`;
}

/** One check in words. */
function sentence(one: Evidence & { last: Result }): string {
  const { last } = one;
  const what = last.kind === 'tcp' ? 'TCP connect' : `GET ${one.endpoint ?? '/'}`;
  const again = last.confirmed === true ? ' twice' : '';
  switch (last.outcome) {
    case 'ok':
      return `${what} answered`;
    case 'timeout':
      return `${what} timed out${again}`;
    case 'refused':
      return `${what} was refused: the path is up, nothing listens there`;
    case 'unreachable':
      return `${what} found no route${again}`;
    case 'resolve_failed':
      return `${what}: the name does not resolve`;
    case 'tls_failed':
      return `${what}: the TLS handshake failed`;
    case 'bad_status':
      return `${what} answered status ${last.kind === 'http' ? (last.status ?? 'unknown') : 'unknown'}`;
    case 'inconclusive':
    case 'void':
      return `${what} was inconclusive`;
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
