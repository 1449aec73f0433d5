import { spawnSync } from 'node:child_process';
import type { Lab } from '../../lab/index.ts';

/** What iperf3 found, and what the link carried for it. */
export interface PeerRun {
  /** TCP payload that arrived, megabits a second. */
  mbps: number;
  bytes: number;
}

/** Why there is no peer; undefined when there is one. */
export function iperf3Unavailable(): string | undefined {
  return spawnSync('iperf3', ['--version']).error === undefined ? undefined : 'iperf3 is not installed';
}

/** Four streams from `here` to `there`, as people run it. */
export async function iperf3(lab: Lab, seconds: number): Promise<PeerRun> {
  const [here, there] = [lab.location('here'), lab.location('there')];
  const link = lab.link('here', 'there').towards('there');
  const server = await there.spawn('iperf3', ['-s', '-1', '--forceflush']);
  await new Promise((resolve) => server.stdout?.once('data', resolve));
  const before = await link.counters();
  const options = ['-4', '-J', '-P', '4', '-t', String(seconds)];
  const { stdout } = await here.exec('iperf3', ['-c', there.address, ...options], {
    timeoutMs: (seconds + 30) * 1000,
  });
  const after = await link.counters();
  await server.exited;
  const { end } = JSON.parse(stdout) as { end: { sum_received: { bits_per_second: number } } };
  return { mbps: end.sum_received.bits_per_second / 1e6, bytes: after.bytes - before.bytes };
}
