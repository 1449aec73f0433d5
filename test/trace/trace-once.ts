import { setTimeout as wait } from 'node:timers/promises';
import type { Trace } from '@netring/contract/trace';
import { monotonicMs } from '@netring/member/clock';
import { createIcmpSockets } from '@netring/member/probe/icmp-socket';
import { createNames } from '@netring/member/probe/names';
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
let next: (trace: Trace) => void = () => undefined;
const desk = createTraceDesk({
  tracer,
  names: createNames(),
  watch,
  now: monotonicMs,
  onTrace: (trace) => next(trace),
});
// Compiled and opened first, as in a process that has been running for a while.
tracer.off(4);
await wait(200);
// One that a busy machine spoilt says nothing: it is made again, now and then.
for (let at = 0, spoilt = 0; at < times && spoilt < 5;) {
  const trace = await new Promise<Trace>((resolve) => {
    next = resolve;
    desk.take({ target: host, host, cause: 'asked', maxHops: 30 });
  });
  if (trace.outcome === 'void') spoilt++;
  else at++;
  if (trace.outcome !== 'void') process.stdout.write(`${JSON.stringify(trace)}\n`);
  if (at < times) await wait(pauseMs);
}
process.exit(0);
