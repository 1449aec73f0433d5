import type { SettingTable } from '@netring/service/setting';
import { textTable } from './text-table.ts';

/** One setting as it is in effect. */
export interface EffectiveSetting {
  /** Its YAML path. */
  key: string;
  environment: string | null;
  /** `***` for a secret that is set; null when nothing is. */
  value: unknown;
  /** `flag`, `NETRING_LOCATION`, `.env NETRING_LOCATION`, `member.yaml line 3, column 5`, `default`. */
  from: string;
}

/** What is in effect, secrets masked, in the order of the table. */
export function effectiveSettings(
  table: SettingTable,
  { values, origins }: { values: Record<string, unknown>; origins: Record<string, string> },
): EffectiveSetting[] {
  return Object.entries(table).map(([name, one]) => {
    const value = values[name] ?? null;
    return {
      key: one.yaml,
      environment: one.env ?? null,
      value: one.secret === true && value !== null ? '***' : value,
      from: origins[name] ?? 'default',
    };
  });
}

/** The settings as a table for people: key, value and where it came from; `-` where nothing is set. */
export function effectiveTable(settings: readonly EffectiveSetting[]): string {
  return textTable(
    ['KEY', 'VALUE', 'FROM'],
    settings.map(({ key, value, from }) => [key, describeValue(value), from]),
  );
}

function describeValue(value: unknown): string {
  if (value === null) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
