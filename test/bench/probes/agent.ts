import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Result } from '@netring/contract/result';
import { startProbeProcess, type RoundKind } from '@netring/member/probe/index';
import { childrenOf, cpuSeconds } from '../process-cost.ts';

export interface AgentOrder {
  kind: RoundKind;
  port: number;
  /** Checked ten times a second each. */
  targets: number;
  seconds: number;
}

export interface AgentReport {
  checks: number;
  ok: number;
  cpuSeconds: number;
  connectMs: number[];
}

const intervalMs = 100;
const timeouts = { icmp: { timeoutMs: 2_000 }, tcp: { timeoutMs: 2_000 }, http: { timeoutMs: 2_000 } };
/** Of every ten milliseconds this thread works five, as an agent that parses, serves and pushes. */
const busyMs = 5;

/** A program: a member's agent reduced to what concerns its probe process, with its own thread half busy. */
const order = JSON.parse(process.argv[2] ?? '{}') as AgentOrder;
let found: Result[] = [];
const probes = startProbeProcess({
  environment: {},
  onMeasured: (measured) => found.push(...measured.map((one) => one.result)),
  onDown: (reason) => void process.stderr.write(`the probe process ${reason}\n`),
});
const { kind, port } = order;
const targets = Array.from({ length: order.targets }, (_, at) => ({
  key: `${kind} ${at}`,
  kind,
  host: '127.0.0.1',
  port,
  closing: 'reset' as const,
  path: '/health',
}));
probes.follow({ targets, intervalMs, options: timeouts });
setInterval(work, 2 * busyMs);
while (found.length === 0) await sleep(50);
// Until it is compiled and in its rhythm.
await sleep(order.seconds < 2 ? 500 : 1_500);
const pid = childrenOf(process.pid)[0] ?? process.pid;
const before = cpuSeconds(pid);
found = [];
process.stdout.write('started\n');
await sleep(order.seconds * 1000);
// A machine that is busy with other things may have voided all of so short a run.
while (found.every(({ outcome }) => outcome !== 'ok')) await sleep(100);
process.stdout.write(`done ${JSON.stringify(reportOf(found, cpuSeconds(pid) - before))}\n`);
probes.stop();
process.exit(0);

function work(): void {
  const endsMs = performance.now() + busyMs;
  while (performance.now() < endsMs);
}

function reportOf(results: readonly Result[], cpu: number): AgentReport {
  const ok = results.filter((one) => one.outcome === 'ok');
  return {
    checks: results.length,
    ok: ok.length,
    cpuSeconds: cpu,
    connectMs: ok.flatMap((one) => (one.kind === 'tcp' ? (one.connect_ms ?? []) : [])),
  };
}
