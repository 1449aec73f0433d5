import type { PathCheck } from '@netring/contract/path';
import { ageText } from '../words/age.ts';
import { shareText } from '../words/measure.ts';

/** What the flows of the UDP echo say. */
export interface FlowView {
  count: number;
  lossy: number;
  sentence: string;
  /** How sure it is, and over which time. */
  basis: string;
}

const ways = { forward: 'forward', return: 'on the way back', both: 'both ways' } as const;

/** "3 of 16 flows lose 31 %, forward"; `undefined` where flows are not told apart. */
export function flowView(check: PathCheck | undefined): FlowView | undefined {
  const flows = check?.flows;
  if (flows === undefined) return undefined;
  const { count, lossy, loss_ratio: loss, direction, confidence, over_ms: overMs } = flows;
  const over = `over ${ageText(overMs)}`;
  if (lossy === 0) return { count, lossy, sentence: `All ${count} flows arrive`, basis: over };
  const share = loss === undefined ? '' : ` ${shareText(loss)}`;
  const way = direction === undefined ? '' : `, ${ways[direction]}`;
  const verb = lossy === 1 ? 'loses' : 'lose';
  const sure = confidence === undefined ? [] : [`${shareText(Math.min(confidence, 0.99))} sure`];
  return {
    count,
    lossy,
    sentence: `${lossy} of ${count} flows ${verb}${share}${way}`,
    basis: [...sure, over].join(', '),
  };
}
