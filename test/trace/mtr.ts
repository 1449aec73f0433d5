import type { Location } from '../lab/index.ts';

interface MtrReport {
  report: { hubs: { host: string; Avg: number }[] };
}

/** What mtr, the peer, finds on the way to an address: the router of each hop, `???` for a silent one. */
export async function mtrHops(from: Location, to: string): Promise<string[]> {
  const { stdout } = await from.exec('mtr', ['-n', '-r', '-c1', '--json', to]);
  return (JSON.parse(stdout) as MtrReport).report.hubs.map(({ host }) => host);
}
