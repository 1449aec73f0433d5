import type { SettingTable } from '@netring/service/setting';
import { describeDefault } from './setting-flags.ts';

/** Every setting of every service for a help text: its names, its default, what it does. */
export function settingNames(services: Record<string, SettingTable>): string {
  const order = 'Strongest first: flag, environment, .env in the working directory, YAML file, default.';
  const parts = Object.entries(services).map(([service, table]) => {
    const lines = Object.values(table).map((one) => {
      const shown = describeDefault(one.default) ?? 'unset';
      const old = one.oldEnv === undefined ? '' : `, once ${one.oldEnv}`;
      return `  ${one.env ?? '(file only)'}  ${one.yaml}  (${shown}${old})\n      ${one.about}`;
    });
    return `Settings of a ${service}:\n${lines.join('\n')}`;
  });
  return [order, ...parts].join('\n\n');
}
