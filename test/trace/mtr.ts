import type { Location } from '../lab/index.ts';
import { patienceMs, until } from '../ring/until.ts';

interface MtrReport {
  report: { hubs: { host: string; Avg: number }[] };
}

/** What mtr, the peer, finds on the way to an address: the router of each hop, `???` for a silent one. */
export async function mtrHops(from: Location, to: string): Promise<string[]> {
  const { stdout } = await from.exec('mtr', ['-n', '-r', '-c1', '--json', to]);
  return (JSON.parse(stdout) as MtrReport).report.hubs.map(({ host }) => host);
}

/** The same where every router answers: when one is silent, as on a busy machine, mtr looks again. */
export async function everyMtrHop(from: Location, to: string): Promise<string[]> {
  const { value } = await until('mtr finds every hop', patienceMs, async () => {
    const hops = await mtrHops(from, to);
    return !hops.includes('???') && hops;
  });
  return value;
}
