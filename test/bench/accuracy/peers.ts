import { spawnSync } from 'node:child_process';
import type { Host } from '../../lab/index.ts';
import { unrounded } from './unrounded.ts';

/** Lets a process run before all others, as the lab's forwarders do; a test machine without that right goes on. */
export function raisePriority(pid: number): void {
  spawnSync('chrt', ['--fifo', '-a', '-p', '10', String(pid)]);
}

/** Round trips as `ping` prints them, before rounding, milliseconds. */
export async function pingRoundTrips(
  from: Host,
  address: string,
  perSecond: number,
  seconds: number,
): Promise<number[]> {
  const options = ['--fifo', '10', 'ping', '-n', '-i', String(1 / perSecond), '-w', String(seconds), address];
  const { stdout } = await from.exec('chrt', options, { timeoutMs: (seconds + 20) * 1000 });
  return unrounded([...stdout.matchAll(/ time=([\d.]+) ms/g)].map(([, ms]) => ms as string));
}

/** Round trips as `fping` prints them, before rounding; empty where it is not installed. */
export async function fpingRoundTrips(
  from: Host,
  address: string,
  perSecond: number,
  seconds: number,
): Promise<number[]> {
  const every = String(1000 / perSecond);
  const options = [
    '--fifo',
    '10',
    'fping',
    '-C',
    String((perSecond * seconds) / 2),
    '-i',
    '1',
    '-p',
    every,
    '-t',
    '1000',
    '-q',
    address,
  ];
  const { stderr } = await from.exec('chrt', options, { timeoutMs: (seconds + 20) * 1000 });
  const line = stderr.split('\n').find((one) => one.includes(' : ')) ?? '';
  return unrounded([...line.slice(line.indexOf(' : ')).matchAll(/\d+\.\d+|\d+/g)].map(([ms]) => ms));
}
