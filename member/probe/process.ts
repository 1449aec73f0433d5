/**
 * The probe process: forked by the agent, it runs the checks and sends back what they found, and answers other members'.
 * Nothing else happens here, so that nothing else can falsify a time. It ends when the agent does.
 */
import type { Socket } from 'node:net';
import { monotonicMs } from '../clock.ts';
import { createBandwidthDuty } from './bandwidth-duty.ts';
import type { Measured } from './confirm.ts';
import { createIcmpSockets } from './icmp-socket.ts';
import { pulseMs, type FromProbeProcess, type Orders, type ToProbeProcess } from './messages.ts';
import { createNames } from './names.ts';
import { createPacketBudget } from './packet-budget.ts';
import { createProbes } from './probe.ts';
import { createRounds } from './rounds.ts';
import { watchStalls } from './stalls.ts';
import { createTracer } from './traceroute.ts';
import { createTraceDesk } from './traceroute-desk.ts';
import { createUdp } from './udp.ts';

/** Findings are sent together after this long, unless one of them is news: a message costs both processes more than what is in it. */
const batchMs = 250;

function run(): void {
  const watch = watchStalls(monotonicMs);
  const budget = createPacketBudget(monotonicMs);
  const icmp = createIcmpSockets(budget);
  const names = createNames();
  const send = (message: FromProbeProcess) => {
    process.send?.(message, undefined, undefined, (error) => {
      // The agent has died with the message on its way to it.
      if (error !== null) process.exit(0);
    });
  };
  const bandwidth = createBandwidthDuty(monotonicMs, send);
  const batch = batched((measured) => send({ type: 'measured', measured }));
  const onMeasured = (measured: Measured, changed: boolean) => batch(bandwidth.marked(measured), changed);
  const probes = createProbes({ icmp, names, watch });
  const rounds = createRounds({ now: monotonicMs, watch, probes, onMeasured });
  let hosts = new Map<string, string>();
  const udp = createUdp({
    watch,
    budget,
    icmp,
    disturbedSince: (fromMs) => bandwidth.disturbedSince(fromMs),
    onMeasured(measured, changed) {
      onMeasured(measured, changed);
      const host = hosts.get(measured.key);
      // A cut, or a member that does not answer? Its kernel's answers tell within a round trip.
      if (changed && measured.result.outcome === 'timeout' && host !== undefined) rounds.hurry(host);
    },
  });
  const traces = createTraceDesk({
    tracer: createTracer(icmp, monotonicMs),
    names,
    watch,
    now: monotonicMs,
    onTrace: (trace) => send({ type: 'traced', trace: bandwidth.judgedTrace(trace) }),
  });
  const off = () => {
    const socket = icmp.of(4);
    const reason = 'off' in socket ? socket.off : undefined;
    const withoutIcmp = reason === undefined ? [] : (['icmp', 'traceroute'] as const);
    return [...withoutIcmp.map((kind) => ({ kind, reason: reason ?? '' })), ...udp.off()];
  };
  const pulse = () => {
    const { user, system } = process.cpuUsage();
    const residentBytes = process.memoryUsage.rss();
    send({
      type: 'pulse',
      eventLoopDelayMs: watch.takeDelayMs(),
      cpuSeconds: (user + system) / 1e6,
      residentBytes,
      off: off(),
      answers: udp.answers(),
    });
  };
  const follow = async (orders: Orders) => {
    hosts = new Map(orders.targets.map(({ key, host }) => [key, host]));
    rounds.follow(orders, new Set(off().map(({ kind }) => kind)));
    const before = udp.answers();
    await udp.follow(orders);
    if (before === undefined) pulse();
  };

  process.on('message', (message: ToProbeProcess, socket: Socket | undefined) => {
    if (message.type === 'orders') void follow(message);
    else if (message.type === 'trace') traces.take(message.order);
    else bandwidth.take(message, socket);
  });
  // Ctrl-C reaches the whole process group; when to end is the agent's to say, by closing the channel.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  process.on('disconnect', () => process.exit(0));
  setInterval(pulse, pulseMs);
  pulse();
}

/** Collects findings for a moment; news takes along what has been collected. */
function batched(send: (measured: Measured[]) => void): (measured: Measured, changed: boolean) => void {
  let batch: Measured[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    send(batch);
    batch = [];
  };
  return (measured, changed) => {
    batch.push(measured);
    if (changed) flush();
    else timer ??= setTimeout(flush, batchMs);
  };
}

run();
