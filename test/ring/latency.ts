import type { MemberPath } from '@netring/contract/path';
import type { Host } from '../lab/index.ts';
import type { Reader } from './ask.ts';
import { setTimeout as wait } from 'node:timers/promises';

/** Collects the exact connect time of every TCP check that the registry shows for `forMs`, by `us1>eu1`. */
export async function connectTimes(reader: Reader, forMs: number): Promise<Map<string, number[]>> {
  const found = new Map<string, Map<number, number>>();
  const note = ({ source_location, target_location, checks }: MemberPath) => {
    const tcp = checks.find(({ kind }) => kind === 'tcp');
    if (tcp?.latency_ms === undefined) return;
    const name = `${source_location}>${target_location}`;
    found.set(name, (found.get(name) ?? new Map<number, number>()).set(tcp.at_ms, tcp.latency_ms));
  };
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs) {
    (await reader.memberPaths()).forEach(note);
    await wait(150);
  }
  return new Map([...found].map(([name, byTime]) => [name, [...byTime.values()]]));
}

/** The round trips that `ping` sees within about `forMs`. */
export async function pingTimes(from: Host, to: Host, forMs: number): Promise<number[]> {
  const count = Math.round(forMs / 250);
  const { stdout } = await from.exec('ping', ['-4', '-n', '-i', '0.25', '-c', String(count), to.address]);
  return [...stdout.matchAll(/time=([\d.]+) ms/g)].map((found) => Number(found[1]));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const [low = NaN, high = NaN] = [sorted[half - 1], sorted[half]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}
