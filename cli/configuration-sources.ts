import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError, type ConfigurationSources } from '@netring/service/configuration';

/**
 * Everything that a service's configuration is read from: flags, our environment, `.env` in the working directory, and
 * the YAML file when one is named.
 *
 * @param files the file as it may be named, as an argument or with `--config`; at most one of them.
 * @throws ConfigurationError when a file cannot be read.
 */
export function configurationSources(
  files: { argument?: string | undefined; option?: string | undefined },
  flags: Record<string, unknown> = {},
): ConfigurationSources {
  const { argument, option } = files;
  if (argument !== undefined && option !== undefined && argument !== option) {
    throw new ConfigurationError([
      `two configuration files are named, ${argument} and ${option}: leave one out`,
    ]);
  }
  const name = argument ?? option;
  return {
    flags,
    environment: process.env,
    dotenv: textOf(join(process.cwd(), '.env')),
    file: name === undefined ? undefined : { name, text: named(name) },
  };
}

function named(name: string): string {
  const text = textOf(name);
  if (text === undefined) throw new ConfigurationError([`${name}: there is no such file`]);
  return text;
}

/** The text of a file; `undefined` when there is none. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new ConfigurationError([`${path}: cannot be read: ${message}`]);
  }
}
