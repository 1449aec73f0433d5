import type { LocationPath } from '@netring/contract/path';
import { counted, latencyText } from '../words/measure.ts';
import { isolated } from '../words/phrase.ts';
import type { Cell } from './cell.ts';
import { rareCell, type RareFinding } from './rare-cell.ts';

/** How many hops, and the worst step among them. */
export function traceCell(path: LocationPath, nowMs: number, alarm?: string): Cell {
  return rareCell(path, findingOf(path), 'no trace yet', nowMs, alarm);
}

function findingOf({ route }: LocationPath): RareFinding | undefined {
  if (route === undefined) return undefined;
  const { hops, reached, worst_step: worst, at_ms: atMs } = route;
  const value = counted(hops, 'hop');
  const far = reached ? '' : ', the target does not answer traces';
  if (reached && hops === 1) return { value, note: 'straight', said: `${value}, no router between`, atMs };
  if (worst === undefined) {
    return { value, note: reached ? '' : 'end silent', said: `${value}${far}`, atMs };
  }
  const added = latencyText(worst.added_ms);
  const said = `${value}${far}, worst step hop ${worst.ttl}, ${isolated(worst.ip)}, which adds ${added}`;
  return { value, note: `+${added} at hop ${worst.ttl}`, said, atMs };
}
