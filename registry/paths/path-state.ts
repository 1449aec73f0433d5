import type { PathState } from '@netring/contract/path';
import type { CheckKind } from '@netring/contract/result';
import { answerAgeMs, isPackets, isSaying, isSilent, type Evidence, type Saying } from './evidence.ts';
import { flowReasons, lossReasons } from './loss.ts';
import { sentence, silenceSentence } from './sentence.ts';
import { slowReasons } from './slowness.ts';

export type { Evidence } from './evidence.ts';

export interface PathVerdict {
  state: PathState;
  /** Sentences with numbers; the first is the one to show. */
  reasons: string[];
  /** False: the path is up, and what is at its end does not answer as it should. */
  answering: boolean;
  /** Nothing comes back: what is lost meanwhile is not held against the path afterwards. */
  silent?: true;
  /** Kinds that are silent though the path is up: their losses are the far end's, not the path's. */
  excused?: CheckKind[];
}

/** What is known of the target beside its path. */
export interface TargetFacts {
  /** It says that it was starved lately: then its UDP and HTTP answers come late or never, whatever the path does. */
  unfit: boolean;
}

/** Two tries of a train of echoes, at the usual time-out: what was answered meanwhile came after its silence began. */
const echoTriesMs = 4_000;
/** The kinds that make a path `down` come first. */
const checkKindsByWeight: readonly CheckKind[] = ['tcp', 'icmp', 'udp', 'http'];
/** A member hurries its other checks when UDP falls silent: so long their answers may take to be told here. */
const patienceMs = 1_000;

/**
 * The state of a path from what its probes found. `down` only when TCP and ICMP (UDP where ICMP is off) both fail and
 * nothing has answered since; any answer, a refusal too, means that the path is up.
 */
export function pathState(
  evidence: readonly Evidence[],
  target: TargetFacts = { unfit: false },
): PathVerdict {
  const saying = evidence.filter(isSaying);
  if (saying.length === 0) return { state: 'unknown', reasons: [whyUnknown(evidence)], answering: true };
  const silent = saying.filter(isSilent);
  if (!answersNow(saying, silent)) return silentState(saying, silent);
  return answeringState(saying, silent, target);
}

/** The state that one kind alone would give its path. */
export function checkState(one: Evidence): PathState {
  if (!isSaying(one)) return 'unknown';
  if (isSilent(one)) return 'down';
  if (answerAgeMs(one) === undefined) return 'unknown';
  return lossReasons(one).length + slowReasons(one).length > 0 ? 'degraded' : 'ok';
}

/** Whether anything answers that has had the chance to fall silent. */
function answersNow(saying: readonly Saying[], silent: readonly Saying[]): boolean {
  const ages = saying.map(answerAgeMs).filter((age) => age !== undefined);
  if (ages.length === 0) return false;
  // Only trains of packets run so close that what answered before they fell silent says nothing about now.
  const quietMs = Math.min(...silent.filter(isPackets).map(quietForMs));
  if (!Number.isFinite(quietMs) || quietMs < patienceMs) return true;
  return ages.some((age) => age < quietMs);
}

/** For how long at least a kind has had no answer: UDP tells at once, a train of echoes after two time-outs. */
function quietForMs(one: Saying): number {
  return one.last.kind === 'udp' ? one.silentForMs : one.silentForMs + echoTriesMs;
}

function silentState(saying: readonly Saying[], silent: readonly Saying[]): PathVerdict {
  if (silent.length === 0) return { state: 'unknown', reasons: saying.map(sentence), answering: false };
  // What decides is told first.
  const told = checkKindsByWeight.flatMap((kind) => silent.filter((one) => one.last.kind === kind));
  const reasons = told.map((one) => (isPackets(one) ? silenceSentence(one) : sentence(one)));
  const connects = saying.filter((one) => !isPackets(one));
  const [tcp, icmp] = [ofKind(saying, 'tcp'), ofKind(saying, 'icmp')];
  const needed = [...(tcp === undefined ? connects : [tcp]), ...(icmp === undefined ? [] : [icmp])];
  const failed = needed.every((one) => silent.includes(one));
  if (connects.length === 0) {
    return { state: 'unknown', reasons: [...reasons, 'TCP is not measured'], answering: true };
  }
  // Trains of packets notice first; TCP, which takes longer to give up, makes it certain.
  return { state: failed ? 'down' : 'degraded', reasons, answering: true, silent: true };
}

function answeringState(
  saying: readonly Saying[],
  silent: readonly Saying[],
  target: TargetFacts,
): PathVerdict {
  const hasTcp = ofKind(saying, 'tcp') !== undefined;
  const troubles = saying.flatMap((one) => networkReasons(one, hasTcp, target));
  const tcpFails = silent.some((one) => one.last.kind === 'tcp' && one.lossyRounds >= 2);
  const lostPackets = silent.filter(isPackets);
  const notAnswering = saying.filter((one) => isNotAnswering(one));
  const answering = notAnswering.length === 0;
  const reasons = [
    ...troubles,
    ...notAnswering.map((one) => (isPackets(one) && isSilent(one) ? silenceSentence(one) : sentence(one))),
    ...lostPackets.filter((one) => !notAnswering.includes(one)).map(filtered),
  ];
  const state = troubles.length > 0 || tcpFails ? 'degraded' : 'ok';
  const excused = silent.filter((one) => one.last.kind !== 'tcp').map((one) => one.last.kind);
  return { state, reasons, answering, ...(excused.length === 0 ? {} : { excused }) };
}

/** What of a kind speaks against the path, while the path is up. */
function networkReasons(one: Saying, hasTcp: boolean, target: TargetFacts): string[] {
  // What lets its HTTP time out while its TCP answers is the far end; where TCP is not measured HTTP stands for it.
  if (one.last.kind === 'http' && hasTcp) return [];
  // Silence of a kind while others answer is told as such.
  if (isPackets(one) && isSilent(one)) return [];
  // A starved far end loses and delays on all flows alike; flows that differ are the network's.
  if (one.last.kind === 'udp' && target.unfit) return flowReasons(one);
  return [...lossReasons(one), ...slowReasons(one)];
}

/** The path is up, and this kind shows that what is at its end does not answer as it should. */
function isNotAnswering(one: Saying): boolean {
  if (one.last.outcome === 'ok') return false;
  switch (one.last.kind) {
    case 'icmp':
      return false;
    case 'udp':
      return one.last.outcome === 'refused' || (isSilent(one) && Number.isFinite(one.answeredAgeMs));
    case 'tcp':
      // One bad round is none; a refusal is an answer that does not go away by itself.
      return !isSilent(one) || one.lossyRounds >= 2;
    case 'http':
      return true;
  }
}

function filtered(one: Saying): string {
  return `${silenceSentence(one)}, while others are answered: filtered, or limited at the far end`;
}

function ofKind(saying: readonly Saying[], kind: CheckKind): Saying | undefined {
  return saying.find((one) => one.last.kind === kind);
}

function whyUnknown(evidence: readonly Evidence[]): string {
  const unfit = evidence.some((one) => one.voided) ? ': its prober was unfit, what it found is void' : '';
  const known = evidence.filter((one) => one.last !== undefined);
  if (known.length === 0) return `not measured yet${unfit}`;
  const ageMs = Math.min(...known.map((one) => one.ageMs));
  return `no measurement for ${Math.round(ageMs / 1000)} s${unfit}`;
}
