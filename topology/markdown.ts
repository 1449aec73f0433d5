import { escapeMarkdown } from './escape.ts';
import { reportTables } from './report-rows.ts';
import type { TopologyMap } from './topology-map.ts';

/** The map as two Markdown tables. */
export function markdownReport(map: TopologyMap): string {
  const { services, dependencies } = reportTables(map);
  const parts = ['## Services', table(services), '## Dependencies', table(dependencies)];
  return `${parts.join('\n\n')}\n`;
}

function table({ head, rows }: { head: string[]; rows: string[][] }): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
