import type { DependencyChange, DiffAnswer } from '@netring/contract/topology';
import { textTable } from '../text-table.ts';

type Named = { source_service: string; target_service: string; protocol: string };

/** Two times of the service graph for a terminal; of which of them nothing is kept stands below, since then all is new, or lost. */
export function diffText(answer: DiffAnswer): string {
  const rows = rowsOf(answer);
  const table = rows.length === 0 ? 'no difference' : textTable(['', 'WHAT', 'WHICH', 'CHANGE'], rows);
  return [table, ...unseen(answer)].join('\n');
}

function rowsOf({ services, dependencies }: DiffAnswer): string[][] {
  const told = new Set([...dependencies.worse, ...dependencies.better].map(({ id }) => id));
  const untold = dependencies.changed_health.filter(({ id }) => !told.has(id));
  const changed = (sign: string, all: DiffAnswer['dependencies']['worse']): string[][] =>
    all.map((one) => [sign, 'dependency', nameOf(one), one.changes.map(changeText).join('; ')]);
  return [
    ...services.gained.map((one) => ['+', 'service', one, '']),
    ...services.lost.map((one) => ['-', 'service', one, '']),
    ...services.reclassified.map((one) => ['~', 'service', one.service_id, `${one.from} → ${one.to}`]),
    ...services.changed_health.map((one) => ['~', 'service', one.service_id, `${one.from} → ${one.to}`]),
    ...dependencies.gained.map((one) => ['+', 'dependency', nameOf(one), '']),
    ...dependencies.lost.map((one) => ['-', 'dependency', nameOf(one), '']),
    ...changed('worse', dependencies.worse),
    ...changed('better', dependencies.better),
    ...untold.map((one) => ['~', 'dependency', nameOf(one), `${one.from} → ${one.to}`]),
  ];
}

function nameOf({ source_service, target_service, protocol }: Named): string {
  return `${source_service} → ${target_service} (${protocol})`;
}

function changeText(change: DependencyChange): string {
  switch (change.of) {
    case 'health':
      return `${change.from} → ${change.to}`;
    case 'blame': {
      const why = change.reason === undefined ? '' : ` (${change.reason})`;
      return `blame ${change.from} → ${change.to}${why}`;
    }
    case 'path':
      return `path ${change.from} → ${change.to}`;
    case 'latency':
      return `p95 ${rounded(change.from_ms)} → ${rounded(change.to_ms)} ms`;
    case 'errors':
      return `failed ${rounded(100 * change.from_share)} → ${rounded(100 * change.to_share)} %`;
  }
}

/** No traffic and no record of it look alike. */
function unseen({ before, after, from_ms, to_ms, window_ms }: DiffAnswer): string[] {
  const note = (atMs: number) =>
    `Of the ${window_ms / 1000} s before ${new Date(atMs).toISOString()} nothing is kept:`;
  return [
    ...(before === undefined ? [`${note(from_ms)} what is told as new may have been there.`] : []),
    ...(after === undefined ? [`${note(to_ms)} what is told as lost may be there.`] : []),
  ];
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}
