import { fileURLToPath } from 'node:url';
import type { Trace } from '@netring/contract/trace';
import type { Location } from '../lab/index.ts';
import type { TraceOnce } from './trace-once.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** As source in tests, built in benches. */
const program = import.meta.url.endsWith('.ts')
  ? ['-C', 'netring-source', '--import', here('../store/run-source.js'), here('./trace-once.ts')]
  : [here('./trace-once.js')];

/** Traces from a location as its member would, one after the other, two seconds apart unless told otherwise. */
export async function tracesFrom(
  where: Location,
  order: Partial<TraceOnce> & { host: string },
): Promise<Trace[]> {
  const whole: TraceOnce = { times: 1, pauseMs: 2000, ...order };
  const { stdout, stderr } = await where.exec(process.execPath, [...program, JSON.stringify(whole)], {
    timeoutMs: 120_000,
  });
  const traces = stdout.split('\n').filter((line) => line.startsWith('{'));
  if (traces.length < whole.times) throw new Error(`${traces.length} of ${whole.times} traces: ${stderr}`);
  return traces.map((line) => JSON.parse(line) as Trace);
}
