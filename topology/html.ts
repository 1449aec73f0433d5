import { escapeHtml } from './escape.ts';
import { reportTables } from './report-rows.ts';
import type { TopologyMap } from './topology-map.ts';

/** The map as two HTML tables. */
export function htmlTables(map: TopologyMap): string {
  const { services, dependencies } = reportTables(map);
  return `${table('Services', services)}\n${table('Dependencies', dependencies)}\n`;
}

function table(caption: string, { head, rows }: { head: string[]; rows: string[][] }): string {
  const titles = head.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('');
  const cells = (row: readonly string[]): string =>
    row.map((text) => `<td>${escapeHtml(text)}</td>`).join('');
  return [
    `<table><caption>${caption}</caption>`,
    `<thead><tr>${titles}</tr></thead>`,
    `<tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join('\n')}</tbody>`,
    '</table>',
  ].join('\n');
}
