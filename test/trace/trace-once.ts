import { setTimeout as wait } from 'node:timers/promises';
import { monotonicMs } from '@netring/member/clock';
import { createIcmpSockets } from '@netring/member/probe/icmp-socket';
import { createPacketBudget } from '@netring/member/probe/packet-budget';
import { watchStalls } from '@netring/member/probe/stalls';
import { createTracer } from '@netring/member/probe/traceroute';
import { createTraceDesk } from '@netring/member/probe/traceroute-desk';

/** What to trace, and how often. */
export interface TraceOnce {
  host: string;
  times: number;
  /** Between two traces. */
  pauseMs: number;
}

/** A program: traces as a member's probe process does, and prints every trace as a line of JSON. */
const { host, times, pauseMs } = JSON.parse(process.argv[2] ?? '{}') as TraceOnce;
const icmp = createIcmpSockets(createPacketBudget(monotonicMs));
const watch = watchStalls(monotonicMs);
const tracer = createTracer(icmp, monotonicMs);
let next: () => void = () => undefined;
const desk = createTraceDesk({
  tracer,
  watch,
  now: monotonicMs,
  onTrace(trace) {
    process.stdout.write(`${JSON.stringify(trace)}\n`);
    next();
  },
});
// Compiled and opened first, as in a process that has been running for a while.
tracer.off(4);
await wait(200);
for (let at = 0; at < times; at++) {
  if (at > 0) await wait(pauseMs);
  await new Promise<void>((resolve) => {
    next = resolve;
    desk.take({ target: host, host, cause: 'asked', maxHops: 30 });
  });
}
process.exit(0);
