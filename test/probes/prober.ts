import { performance } from 'node:perf_hooks';
import { startProbeProcess, type Orders } from '@netring/member/probe/index';

export interface ProberOrder {
  orders: Omit<Orders, 'type'>;
  /** Of every ten milliseconds this thread works so many, as an agent that parses, serves and pushes. */
  busyMs?: number;
}

/** A program: a member's probe process, and of its agent as much as prints what is found, a line of JSON each. */
const order = JSON.parse(process.argv[2] ?? '{}') as ProberOrder;
const probes = startProbeProcess({
  environment: {},
  onMeasured: (all) => process.stdout.write(all.map((one) => `${JSON.stringify(one)}\n`).join('')),
  onDown: (reason) => void process.stderr.write(`the probe process ${reason}\n`),
});
probes.follow(order.orders);
const { busyMs } = order;
if (busyMs !== undefined) {
  setInterval(() => {
    const endsMs = performance.now() + busyMs;
    while (performance.now() < endsMs);
  }, 10);
}
// Kept open by whoever started it, and so ended with it.
process.stdin.on('end', () => process.exit(0)).resume();
