import { createHash } from 'node:crypto';
import type { Link } from './link.ts';

/** A Lua script and its name for `EVALSHA`. */
export interface Script {
  source: string;
  sha: string;
}

export function script(source: string): Script {
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}

/**
 * Runs a script by its name; sends its text once more to a Redis that does not know it (any more). A patient one may
 * wait some milliseconds for others that go out with it.
 */
export async function runScript(
  link: Link,
  { source, sha }: Script,
  keys: readonly string[],
  values: readonly (string | number | Buffer)[],
  isPatient = false,
): Promise<unknown> {
  const rest = [keys.length, ...keys, ...values];
  link.bundle(isPatient);
  return link.ask(
    link.client.call('evalsha', [sha, ...rest]).catch((error: unknown) => {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return link.client.call('eval', [source, ...rest]);
    }),
  );
}
