import type { GraphDependency } from '@netring/contract/graph';
import type { DependencyChange } from '@netring/contract/topology';
import { errorWords, healthWords, latencyWords, rateWords, verdictWords } from '../map/words.ts';
import { latencyText, shareText } from '../words/measure.ts';
import type { Comparison, Standing } from './compare.ts';

/** A standing with the sign that goes before it wherever it is drawn, so that nobody needs the colour. */
export const standingWords: Record<Standing, { sign: string; word: string }> = {
  worse: { sign: '▲', word: 'worse' },
  lost: { sign: '−', word: 'lost' },
  gained: { sign: '+', word: 'new' },
  better: { sign: '▽', word: 'better' },
  same: { sign: '=', word: 'the same' },
};

/** One change in words: `p95 31 ms → 214 ms`. */
export function changeWords(change: DependencyChange): string {
  switch (change.of) {
    case 'health':
      return `${healthWords[change.from]} → ${healthWords[change.to]}`;
    case 'blame':
      return `blame: ${verdictWords[change.from]} → ${verdictWords[change.to]}${
        change.reason === undefined ? '' : ` (${change.reason})`
      }`;
    case 'path':
      return `path ${change.from} → ${change.to}`;
    case 'latency':
      return `p95 ${latencyText(change.from_ms)} → ${latencyText(change.to_ms)}`;
    case 'errors':
      return `failed ${shareText(change.from_share)} → ${shareText(change.to_share)}`;
  }
}

/** How a dependency does, in short: `10/s, p95 31 ms, 4 × 5xx`. */
export function callWords(one: GraphDependency): string {
  return [rateWords(one.requests_per_second), latencyWords(one), errorWords(one)]
    .filter((part) => part !== undefined)
    .join(', ');
}

/** In a word or two, for the map: what is worse, or better. */
export function shortChange(changes: readonly DependencyChange[]): string {
  const words = { health: 'health', blame: 'blame', path: 'path', latency: 'latency', errors: 'errors' };
  return changes.map((one) => words[one.of]).join(', ');
}

const order: readonly Standing[] = ['worse', 'lost', 'gained', 'better'];

/** The dependencies that are not the same, for a table: worse, lost, gained, better; in each the busiest first. */
export function changedRows(
  dependencies: readonly GraphDependency[],
  { dependencies: standings }: Comparison,
): { one: GraphDependency; standing: Standing }[] {
  return dependencies
    .map((one) => ({ one, standing: standings.get(one.id) ?? 'same' }))
    .filter(({ standing }) => standing !== 'same')
    .sort(
      (a, b) =>
        order.indexOf(a.standing) - order.indexOf(b.standing) ||
        b.one.request_count - a.one.request_count ||
        (a.one.id < b.one.id ? -1 : 1),
    );
}
