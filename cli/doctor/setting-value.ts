import type { SettingTable } from '@netring/service/setting';

/** What a configuration says, by the YAML path of a setting; `undefined` where there is none. */
export type ValueOf = (yaml: string) => unknown;

/** Looks settings up by their path: a check then needs no more of a service than its file format. */
export function valueOf(table: SettingTable, values: Record<string, unknown>): ValueOf {
  const names = new Map(Object.entries(table).map(([name, one]) => [one.yaml, name]));
  return (yaml) => {
    const name = names.get(yaml);
    return name === undefined ? undefined : values[name];
  };
}

/** The same, where only a text will do. */
export function textOf(settings: ValueOf, yaml: string): string | undefined {
  const value = settings(yaml);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
