import type { Saying } from './evidence.ts';
import { isPackets } from './evidence.ts';

/** Below any of these, loss is not worth a colour: N of M rounds, so that a lost packet or one bad round is none. */
const least = {
  connects: { lost: 2, ratio: 0.05, rounds: 2 },
  packets: { lost: 3, ratio: 0.01, rounds: 2 },
};

/** Flows are called lossy when chance explains it in fewer than one of twenty such reports. */
const leastConfidence = 0.95;

/** Why this kind shows loss, in sentences with numbers; empty when it shows none. */
export function lossReasons(one: Saying): string[] {
  return [...flowReasons(one), ...(isLossy(one) ? [lossSentence(one)] : [])];
}

/** Whether some flows lose more than the others: no trouble of the far end's can look like that. */
export function hasLossyFlows(one: Pick<Saying, 'last'>): boolean {
  const flows = one.last.kind === 'udp' ? one.last.flows : undefined;
  return flows !== undefined && flows.lossy > 0 && (flows.confidence ?? 0) >= leastConfidence;
}

export function flowReasons(one: Saying): string[] {
  const flows = one.last.kind === 'udp' ? one.last.flows : undefined;
  if (flows === undefined || !hasLossyFlows(one)) return [];
  const ratio = flows.loss_ratio === undefined ? 'packets' : percent(flows.loss_ratio);
  const way = flows.direction === undefined ? '' : `, ${wayWords[flows.direction]}`;
  const verb = flows.lossy === 1 ? 'loses' : 'lose';
  const confidence = `, confidence ${percent(Math.min(flows.confidence ?? 0, 0.999), 1)}`;
  return [`${flows.lossy} of ${flows.count} flows ${verb} ${ratio}${way}${confidence}`];
}

function isLossy(one: Saying): boolean {
  const { lost, ratio, rounds } = isPackets(one) ? least.packets : least.connects;
  return one.lost >= lost && one.lost >= ratio * one.sent && one.lossyRounds >= rounds;
}

const what = { tcp: 'TCP connects', http: 'HTTP requests', icmp: 'ICMP echoes', udp: 'UDP packets' };
const wayWords = { forward: 'forward', return: 'return', both: 'both ways' };

function lossSentence(one: Saying): string {
  const way = wayOf(one);
  const told = way === undefined ? '' : `, ${wayWords[way]}`;
  return `${one.lost} of ${one.sent} ${what[one.last.kind]} were lost within a minute${told}`;
}

/** The way on which packets were lost; one that has four fifths of the losses has them. */
function wayOf({ forwardLost, returnLost }: Saying): keyof typeof wayWords | undefined {
  const sum = forwardLost + returnLost;
  if (sum === 0) return undefined;
  if (forwardLost >= 0.8 * sum) return 'forward';
  return returnLost >= 0.8 * sum ? 'return' : 'both';
}

function percent(ratio: number, digits = 0): string {
  const text = (100 * ratio).toFixed(ratio < 0.1 ? 1 : digits);
  return `${text.replace(/\.0$/, '')} %`;
}
