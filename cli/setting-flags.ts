import type { Setting, SettingTable } from '@netring/service/setting';
import { Option, type Command } from 'commander';

/** Flags that are shorter than their variable. */
const shorter: Record<string, string> = {
  NETRING_SERVER_HOST: 'host',
  NETRING_SERVER_PORT: 'port',
  NETRING_REGISTRY_URL: 'registry',
};

/**
 * `check-interval` for `NETRING_CHECK_INTERVAL`. None for a secret, which every user of the machine could read there,
 * nor for what a platform tells.
 */
export function flagName(one: Setting<unknown>): string | undefined {
  if (!one.env?.startsWith('NETRING_') || one.secret === true) return undefined;
  return (
    shorter[one.env] ??
    one.env
      .replace(/^NETRING_/, '')
      .toLowerCase()
      .replaceAll('_', '-')
  );
}

/** Gives a command one flag per setting. */
export function addSettingFlags(command: Command, table: SettingTable): void {
  for (const one of Object.values(table)) {
    const name = flagName(one);
    if (name === undefined) continue;
    const isSwitch = typeof one.default === 'boolean';
    command.addOption(new Option(isSwitch ? `--${name}` : `--${name} <value>`, describeFlag(one)));
  }
}

/** The flags that were given, by the YAML path of their setting. */
export function givenFlags(command: Command, table: SettingTable): Record<string, unknown> {
  const flags: Record<string, unknown> = {};
  for (const one of Object.values(table)) {
    const name = flagName(one);
    if (name === undefined) continue;
    const option = command.options.find((candidate) => candidate.long === `--${name}`);
    const value: unknown = option && command.getOptionValue(option.attributeName());
    if (value !== undefined) flags[one.yaml] = value;
  }
  return flags;
}

function describeFlag(one: Setting<unknown>): string {
  const shown = describeDefault(one.default);
  return `${one.about} [${one.env}${shown === undefined ? '' : `, ${shown}`}]`;
}

/** A default in words of a configuration file; `undefined` when there is none. */
export function describeDefault(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return JSON.stringify(value);
  return value.length === 0 ? undefined : value.map(describeDefault).join(',');
}
