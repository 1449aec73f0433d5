import { encodeTicket, leaseTimes, signTicket } from '@netring/contract/lease';
import { monotonicMs } from '@netring/member/clock';
import { startProbeProcess } from '@netring/member/probe/index';
import type { FarEndOrder } from './far-end.ts';

export type NearEndOrder = FarEndOrder & { host: string; fence: number };

/** A program: one leased test as a member makes it, in its forked probe process. Prints what it found. */
const order = JSON.parse(process.argv[2] ?? '{}') as NearEndOrder;
const { host, port, fence, token, instanceId } = order;
const probes = startProbeProcess({
  environment: {},
  onMeasured: () => undefined,
  onBandwidth(message) {
    if (message.type !== 'bandwidth-done') return;
    process.stdout.write(`${JSON.stringify(message.run)}\n`);
    probes.stop();
    process.exit(0);
  },
  onDown: (reason) => void process.stderr.write(`the probe process ${reason}\n`),
});
const facts = { fence, source: 'bench', target: instanceId, deadline_ms: leaseTimes.farEnd };
const ticket = encodeTicket(signTicket(token, facts));
const deadlineAtMs = monotonicMs() + leaseTimes.deadline;
const test = { fence, host, port, ticket, deadlineAtMs, mostBytes: 1e9, sizeIsSet: false };
probes.send({ type: 'bandwidth-test', id: 'bench', order: test });
