import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { udpKeys, type Orders, type Target } from '@netring/member/probe/index';
import type { Host } from '../lab/index.ts';
import type { ProberOrder } from './prober.ts';

/** One finding as the probe process tells it, with when it was read here. */
export interface Found {
  key: string;
  result: { kind: string; outcome: string; reason?: string } & Record<string, unknown>;
  sent: number;
  lost: number;
  latencies?: number[];
  atMs: number;
}

/** A member's probe process inside the lab. */
export interface LabProber {
  found: Found[];
  pid: number;
  /** Of the probe process itself. */
  probePid(): number;
  stop(): void;
}

export const udpPort = 8757;
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Starts one called as its host; it answers over UDP, and probes `targets` at `intervalMs`. */
export async function startLabProber(
  host: Host,
  targets: readonly Target[],
  { intervalMs = 1000, busyMs }: { intervalMs?: number; busyMs?: number } = {},
): Promise<LabProber> {
  const limit = { timeoutMs: 1000 };
  const orders: Omit<Orders, 'type'> = {
    targets: [...targets],
    intervalMs,
    options: { tcp: limit, http: limit, icmp: limit },
    udp: { instanceId: host.name, host: '0.0.0.0', port: udpPort, keys: udpKeys(['token of the lab']) },
  };
  const order: ProberOrder = { orders, ...(busyMs !== undefined && { busyMs }) };
  const child = await host.spawn(process.execPath, [
    ...sourceFlags(),
    program('prober'),
    JSON.stringify(order),
  ]);
  const found: Found[] = [];
  if (child.stdout === null) throw new Error('the prober has no output');
  createInterface(child.stdout).on('line', (line) => {
    found.push({ ...(JSON.parse(line) as Omit<Found, 'atMs'>), atMs: performance.now() });
  });
  return {
    found,
    pid: child.pid,
    probePid: () => Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim()),
    stop: () => void child.kill('SIGKILL'),
  };
}

/** A program of this folder: as source in a test, else as built. */
export function program(name: string): string {
  return here(`./${name}${isSource ? '.ts' : '.js'}`);
}

/** What Node needs to run one. */
export function sourceFlags(): string[] {
  return isSource ? ['-C', 'netring-source', '--import', here('../store/run-source.js')] : [];
}

const isSource = import.meta.url.endsWith('.ts');

/** A member at a host of the lab as a target of one kind. */
export function targetAt(kind: 'icmp' | 'udp', host: Pick<Host, 'name' | 'address'>): Target {
  const { name, address } = host;
  return { key: `${kind} ${name}`, kind, host: address, port: udpPort, closing: 'reset', instanceId: name };
}
