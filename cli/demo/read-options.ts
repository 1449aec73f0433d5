import { parseArgs } from 'node:util';
import type { Place } from '../ring/ring-plan.ts';

/** The options of a demo service: each of `names` is `--name host:port`, or a host alone, and must be there. */
export function readOptions<const N extends string>(...names: readonly N[]): Record<N, Place> {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ options });
  const read = names.map((name) => {
    const written = values[name];
    if (typeof written !== 'string') throw new Error(`--${name} is missing`);
    const [host = '', port = '0'] = written.split(':');
    return [name, { host, port: Number(port) }] as const;
  });
  return Object.fromEntries(read) as Record<N, Place>;
}
