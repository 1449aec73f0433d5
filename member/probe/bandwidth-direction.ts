import type { Socket } from 'node:net';
import type { BandwidthResult, Direction } from '@netring/contract/bandwidth';
import { failedResult, type BandwidthOrder } from './bandwidth.ts';
import type { Control } from './bandwidth-control.ts';
import { createNoise, drain, pour, type Allowance } from './bandwidth-data.ts';
import { mbpsOf, meanOver, type Progress } from './bandwidth-rate.ts';
import { watchStrain } from './bandwidth-strain.ts';
import { judge, type Evidence, type Finding, type Sight } from './bandwidth-verdict.ts';
import { openStream, tellMs, type Told } from './bandwidth-wire.ts';
import type { Failure } from './outcome.ts';

/** Streams at first, and at most: one stream is held by its window, and each one more fills what the others cannot. */
export const firstStreams = 8;
export const mostStreams = 32;
/** No direction takes longer: by then even a slow start over 300 ms is over, and it stays below a third of half a minute. */
const longestMs = 9_500;
const lookEveryMs = 100;

/** Fills one direction until its rate is flat, and says how fast that was. Its streams are gone when it resolves. */
export async function runDirection(
  order: BandwidthOrder,
  direction: Direction,
  control: Control,
  now: () => number,
  untilMs: number,
): Promise<BandwidthResult> {
  const first = await openStreams(order, direction, firstStreams);
  if ('failure' in first) return failedResult(direction, first.failure);
  const { sockets } = first;
  const startedMs = now();
  const noise = createNoise();
  const allowance: Allowance = { left: order.mostBytes };
  const strain = watchStrain(now);
  const progress: Progress[] = [];
  const sights: Sight[] = [];
  let received = 0;
  let farSpent = false;
  let told: Told | undefined;
  let gotBefore = 0;
  control.onTold = (next) => {
    gotBefore = told === undefined ? next.got : gotBefore;
    told = next;
    farSpent = next.spent === true;
    if (direction === 'forward') {
      progress.push({ atMs: next.at_ms, bytes: next.got });
      received = next.got;
    }
    const here = strain.read();
    const there = { busy: next.busy, lateMs: next.late_ms, resent: next.resent };
    const [sender, receiver] = direction === 'forward' ? [here, there] : [there, here];
    sights.push({
      atMs: now(),
      senderBusy: sender.busy,
      receiverBusy: receiver.busy,
      senderLateMs: sender.lateMs,
      receiverLateMs: receiver.lateMs,
      resent: sender.resent,
    });
  };
  const counting =
    direction === 'return'
      ? setInterval(() => progress.push({ atMs: now(), bytes: received }), tellMs)
      : undefined;
  const begin = (socket: Socket) => {
    socket.on('error', () => undefined);
    if (direction === 'forward') {
      socket.resume();
      return pour(socket, noise, allowance);
    }
    drain(socket, (bytes) => {
      received += bytes;
      if (received >= order.mostBytes) for (const one of sockets) one.pause();
    });
  };
  sockets.forEach(begin);

  const evidence = (): Evidence => ({
    progress,
    sights,
    echoes: control.echoes,
    idleRttMs: control.idleRttMs(),
    nowMs: now(),
    startedMs,
  });
  const isSpent = () =>
    direction === 'forward'
      ? allowance.left <= 0 && received >= order.mostBytes * 0.999
      : received >= order.mostBytes || farSpent;
  const endMs = Math.min(untilMs, startedMs + longestMs);
  let finding: Finding | undefined;
  let grownMs = startedMs;
  while (finding === undefined) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    if (control.closed()) {
      finding = {
        outcome: 'inconclusive',
        reason: 'the connection to the far end broke while it was measured',
      };
      break;
    }
    const isLast = now() >= endMs;
    const spent = isSpent();
    const canGrow = sockets.length < mostStreams && !isLast;
    const since = evidence();
    const verdict = judge(since, canGrow, isLast || spent);
    if (verdict.kind === 'end')
      finding = spent && verdict.finding.outcome !== 'ok' ? overSpent(order, progress) : verdict.finding;
    else if (verdict.kind === 'more streams' && now() - grownMs > 500) {
      grownMs = now();
      const more = await openStreams(order, direction, sockets.length);
      if ('failure' in more) continue;
      sockets.push(...more.sockets);
      more.sockets.forEach(begin);
    }
  }
  clearInterval(counting);
  strain.stop();
  control.onTold = () => undefined;
  for (const socket of sockets) socket.resetAndDestroy();
  return {
    direction,
    ...finding,
    bytes: received,
    seconds: Math.round(now() - startedMs) / 1000,
    streams: sockets.length,
    ...(control.idleRttMs() > 0 && { idle_rtt_ms: Math.round(control.idleRttMs() * 1000) / 1000 }),
  };
}

async function openStreams(
  order: BandwidthOrder,
  direction: Direction,
  count: number,
): Promise<{ sockets: Socket[] } | { failure: Failure }> {
  const opened = await Promise.all(Array.from({ length: count }, () => openStream(order, direction, 5000)));
  const failure = opened.find((one) => 'failure' in one);
  const sockets = opened.flatMap((one) => ('socket' in one ? [one.socket] : []));
  if (failure === undefined || !('failure' in failure)) return { sockets };
  for (const socket of sockets) socket.resetAndDestroy();
  return failure;
}

/** What to set, where the bytes were spent before the rate was flat. */
function overSpent(order: BandwidthOrder, progress: readonly Progress[]): Finding {
  const megabytes = Math.round(order.mostBytes / 1e6);
  const bytesPerMs = Math.max(
    0,
    ...progress.map((_, at) => meanOver(progress.slice(Math.max(0, at - 4), at + 1))),
  );
  // Slow start and a flat second behind it, at the rate that was seen last, and as much again to be sure.
  const wanted = Math.max(2 * megabytes, Math.ceil((bytesPerMs * 5000) / 1e6));
  const what = order.sizeIsSet
    ? `set NETRING_BANDWIDTH_TEST_SIZE_MB to at least ${wanted}, or unset it`
    : "it is this member's own bound";
  return {
    outcome: 'inconclusive',
    limited_by: 'cap',
    reason: `${megabytes} MB were spent within slow start, at ${mbpsOf(bytesPerMs).toFixed(0)} Mbit/s: ${what}`,
  };
}
