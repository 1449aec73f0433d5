import type { PathCheck } from '@netring/contract/path';
import { ageText } from '../words/age.ts';
import { shareText } from '../words/measure.ts';

/** What the flows of the UDP echo say. */
export interface FlowView {
  count: number;
  lossy: number;
  /** `unknown`: it was so once, and is not measured any more. */
  shape: 'ok' | 'degraded' | 'unknown';
  sentence: string;
  /** How sure it is, over which time, and how old. */
  basis: string;
}

const ways = { forward: 'forward', return: 'on the way back', both: 'both ways' } as const;

/** "3 of 16 flows lose 31 %, forward" at `nowMs` (epoch milliseconds); `undefined` where flows are not told apart. */
export function flowView(check: PathCheck | undefined, nowMs: number): FlowView | undefined {
  if (check?.flows === undefined) return undefined;
  const { flows, state, at_ms: atMs } = check;
  const { count, lossy, confidence, over_ms: overMs } = flows;
  const isPast = state === 'unknown';
  const sure =
    lossy === 0 || confidence === undefined ? [] : [`${shareText(Math.min(confidence, 0.99))} sure`];
  return {
    count,
    lossy,
    shape: isPast ? 'unknown' : lossy === 0 ? 'ok' : 'degraded',
    sentence: isPast ? `When last measured: ${sentenceOf(flows)}` : sentenceOf(flows),
    basis: [...sure, `over ${ageText(overMs)}`, `${ageText(nowMs - atMs)} ago`].join(', '),
  };
}

function sentenceOf({ count, lossy, loss_ratio: loss, direction }: NonNullable<PathCheck['flows']>): string {
  if (lossy === 0) return `All ${count} flows arrive`;
  const share = loss === undefined ? '' : ` ${shareText(loss)}`;
  const way = direction === undefined ? '' : `, ${ways[direction]}`;
  return `${lossy} of ${count} flows ${lossy === 1 ? 'loses' : 'lose'}${share}${way}`;
}
