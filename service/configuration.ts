import { parse as parseDotenv } from 'dotenv';
import { readConfigurationFile, type FileValue } from './configuration-file.ts';
import { isInjected, unknownNames } from './known-environment.ts';
import type { Setting, Settings, SettingTable } from './setting.ts';

/** Where settings are looked for, the strongest first: flag > environment > `.env` > YAML file > default. */
export interface ConfigurationSources {
  /** From the command line, by the setting's YAML path. */
  flags?: Record<string, unknown>;
  environment: Record<string, string | undefined>;
  /** Text of a `.env` file. */
  dotenv?: string | undefined;
  /** The YAML file, when one was named. */
  file?: { name: string; text: string } | undefined;
}

/** All variables, those of the `.env` file under those of the environment. */
export function environmentOf(sources: ConfigurationSources): Record<string, string | undefined> {
  return { ...(sources.dotenv === undefined ? {} : parseDotenv(sources.dotenv)), ...sources.environment };
}

/** The effective configuration of one service. */
export interface Configuration<T extends SettingTable> {
  values: Settings<T>;
  /** Where each value came from: `flag`, `NETRING_LOCATION`, `.env`, `member.yaml line 3`, `default`. */
  origins: { [K in keyof T]: string };
  warnings: string[];
}

/** The configuration cannot be used; `problems` lists everything that is wrong with it, not only the first. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`invalid configuration:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

interface Found {
  value: unknown;
  origin: string;
  /** How the source calls it, for messages. */
  calledThere: string;
}

/** YAML keys that were read once and do nothing any more; accepted with a warning. */
export type RetiredKeys = Record<string, string>;

/**
 * Merges all sources key by key and checks the outcome.
 *
 * @param section the top-level YAML key of this service; other top-level sections of a shared file are passed over.
 * @param across finds what is wrong between settings; a setting whose own value is wrong is absent from what it gets.
 * @throws ConfigurationError with all problems.
 */
export function readConfiguration<T extends SettingTable>(
  section: 'registry' | 'member',
  table: T,
  sources: ConfigurationSources,
  retired: RetiredKeys = {},
  across: (values: Partial<Settings<T>>) => string[] = () => [],
): Configuration<T> {
  const problems: string[] = [];
  const warnings: string[] = [];
  const dotenv = sources.dotenv === undefined ? {} : parseDotenv(sources.dotenv);
  const read = readFile(section, table, sources.file, retired, problems, warnings);
  const fileValues = read ?? new Map<string, never>();
  for (const name of unknownNames({ ...dotenv, ...sources.environment })) {
    problems.push(`${name}: no such setting; see "netring config --help" for the names`);
  }
  const values: Record<string, unknown> = {};
  const origins: Record<string, string> = {};
  for (const [name, one] of Object.entries(table)) {
    const found = find(one, sources, dotenv, fileValues, warnings);
    origins[name] = found?.origin ?? 'default';
    const before = problems.length;
    const value = found === undefined ? one.default : checked(one, found, problems);
    if (problems.length === before) values[name] = value;
  }
  // What an unreadable file would have said is not known: nothing may be called missing for it.
  if (read !== undefined) problems.push(...across(values as Partial<Settings<T>>));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { values: values as Settings<T>, origins: origins as Configuration<T>['origins'], warnings };
}

/** A URL may carry a name and a password; neither is anybody's to read in a log. */
function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/@\s"]*@/g, '//***@');
}

/** As the examples of deployment files have it: whoever forgets to change it must not run open to all who read them. */
function isOfExample(value: unknown): boolean {
  return typeof value === 'string' && /^\s*replace-me/i.test(value);
}

function checked(one: Setting<unknown>, found: Found, problems: string[]): unknown {
  if (one.secret === true && isOfExample(found.value)) {
    problems.push(
      `${found.calledThere}: is still that of an example: put a secret of your own there (openssl rand -hex 32)`,
    );
    return undefined;
  }
  const parsed = one.schema.safeParse(found.value);
  if (parsed.success) return parsed.data;
  const shown = one.secret === true ? '***' : withoutCredentials(JSON.stringify(found.value));
  const issue = parsed.error.issues[0];
  const inside = issue && issue.path.length > 0 ? ` at ${issue.path.map(String).join('.')}` : '';
  problems.push(
    `${found.calledThere}: ${shown} is not allowed${inside}: ${issue?.message ?? 'not understood'}`,
  );
  return undefined;
}

function find(
  one: Setting<unknown>,
  sources: ConfigurationSources,
  dotenv: Record<string, string>,
  fileValues: Map<string, FileValue & { file: string }>,
  warnings: string[],
): Found | undefined {
  const flag = sources.flags?.[one.yaml];
  if (flag !== undefined) return { value: flag, origin: 'flag', calledThere: `flag for ${one.yaml}` };
  for (const [names, where] of [
    [sources.environment, 'environment'],
    [dotenv, '.env'],
  ] as const) {
    for (const name of [one.env, one.oldEnv]) {
      const value = name === undefined ? undefined : names[name];
      // An empty variable is how compose files write "not set".
      if (name === undefined || value === undefined || value === '' || isInjected(name, value)) continue;
      if (name === one.oldEnv) warnings.push(`${name} is an old spelling: write ${one.env ?? one.yaml}`);
      return { value, origin: where === '.env' ? `.env ${name}` : name, calledThere: name };
    }
  }
  const value = fileValues.get(one.yaml);
  if (value === undefined) return undefined;
  const origin = `${value.file} ${value.place}`;
  return { value: value.value, origin, calledThere: `${one.yaml} (${origin})` };
}

/** What a file sets, empty without one; `undefined` when it is no YAML, or not the kind that is wanted. */
function readFile(
  section: string,
  table: SettingTable,
  file: { name: string; text: string } | undefined,
  retired: RetiredKeys,
  problems: string[],
  warnings: string[],
): Map<string, FileValue & { file: string }> | undefined {
  const found = new Map<string, FileValue & { file: string }>();
  if (file === undefined) return found;
  const known = new Set(Object.values(table).map((one) => one.yaml));
  const read = readConfigurationFile(file.text, (path) => known.has(path));
  problems.push(...read.problems.map((problem) => `${file.name} ${problem}`));
  if (read.problems.length > 0) return undefined;
  for (const value of read.values) {
    if (known.has(value.path)) found.set(value.path, { ...value, file: file.name });
    else if (retired[value.path] !== undefined) warnings.push(`${value.path}: ${retired[value.path]}`);
    else if (value.path === section || value.path.startsWith(`${section}.`) || !value.path.includes('.')) {
      problems.push(`${value.path} (${file.name} ${value.place}): no such key`);
    }
  }
  return found;
}
