import { setTimeout as wait } from 'node:timers/promises';
import type { Socket } from 'node:net';
import type { BandwidthResult, Direction } from '@netring/contract/bandwidth';
import { failedResult, type BandwidthOrder } from './bandwidth.ts';
import type { Control } from './bandwidth-control.ts';
import { createNoise, drain, pour, type Allowance } from './bandwidth-data.ts';
import { watchDirection, type DirectionWatch } from './bandwidth-watch.ts';
import { mbpsOf, meanOver, type Progress } from './bandwidth-rate.ts';
import { judge, type Finding } from './bandwidth-verdict.ts';
import { openStream } from './bandwidth-wire.ts';
import type { Failure } from './outcome.ts';

/** Streams at first, and at most: one stream is held by its window, and each one more fills what the others cannot. */
const firstStreams = 8;
const mostStreams = 32;
/**
 * No direction takes longer: by then even a slow start over 300 ms is over, and a path that never becomes steady has
 * been filled for less than a third of half a minute.
 */
const longestMs = 9_500;
const lookEveryMs = 100;
/** New streams get so long to show what they add. */
const growEveryMs = 500;
const openWithinMs = 5_000;

const broken: Finding = {
  outcome: 'inconclusive',
  reason: 'the connection to the far end broke while it was measured',
};

/** The data streams of one direction. */
interface Streams {
  count(): number;
  /** As many more as there are. */
  grow(): Promise<void>;
  /** Bytes that came, where this end receives. */
  received(): number;
  /** Whether this end may send, or wants to receive, no more. */
  isSpent(): boolean;
  close(): void;
}

/** Fills one direction until its rate is flat, and says how fast that was. Its streams are gone when it resolves. */
export async function runDirection(
  order: BandwidthOrder,
  direction: Direction,
  control: Control,
  now: () => number,
  untilMs: number,
): Promise<BandwidthResult> {
  const startedMs = now();
  const streams = await openStreams(order, direction);
  if ('failure' in streams) return failedResult(direction, streams.failure);
  const watch = watchDirection(direction, control, () => streams.received(), now);
  const endMs = Math.min(untilMs, startedMs + longestMs);
  const finding = await findRate(order, streams, watch, { control, now, endMs });
  watch.stop();
  streams.close();
  return {
    direction,
    ...finding,
    bytes: watch.received(),
    seconds: Math.round(now() - startedMs) / 1000,
    streams: streams.count(),
    ...(control.idleRttMs() > 0 && { idle_rtt_ms: Math.round(control.idleRttMs() * 1000) / 1000 }),
  };
}

/** Looks ten times a second, until there is something to say. */
async function findRate(
  order: BandwidthOrder,
  streams: Streams,
  watch: DirectionWatch,
  { control, now, endMs }: { control: Control; now: () => number; endMs: number },
): Promise<Finding> {
  let grownMs = now();
  for (;;) {
    await wait(lookEveryMs);
    if (control.closed()) return broken;
    const isSpent = streams.isSpent() ? watch.received() >= 0.999 * order.mostBytes : watch.farEndIsSpent();
    const isLast = now() >= endMs || isSpent;
    const verdict = judge(watch.evidence(), streams.count() < mostStreams && !isLast, isLast);
    if (verdict.kind === 'end') {
      const { finding } = verdict;
      return isSpent && finding.outcome !== 'ok' ? overspent(order, watch.evidence().progress) : finding;
    }
    if (verdict.kind === 'more streams' && now() - grownMs > growEveryMs) {
      grownMs = now();
      await streams.grow();
    }
  }
}

async function openStreams(
  order: BandwidthOrder,
  direction: Direction,
): Promise<Streams | { failure: Failure }> {
  const noise = createNoise();
  const allowance: Allowance = { left: order.mostBytes };
  const sockets: Socket[] = [];
  let received = 0;
  const begin = (socket: Socket) => {
    sockets.push(socket);
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
  const open = async (count: number): Promise<Failure | undefined> => {
    const opened = await Promise.all(
      Array.from({ length: count }, () => openStream(order, direction, openWithinMs)),
    );
    const ready = opened.flatMap((one) => ('socket' in one ? [one.socket] : []));
    const failure = opened.flatMap((one) => ('failure' in one ? [one.failure] : []))[0];
    if (failure === undefined) ready.forEach(begin);
    else for (const socket of ready) socket.resetAndDestroy();
    return failure;
  };
  const failure = await open(firstStreams);
  if (failure !== undefined) return { failure };
  return {
    count: () => sockets.length,
    // What cannot be opened is done without: those that are open go on.
    grow: async () => void (await open(sockets.length)),
    received: () => received,
    isSpent: () => (direction === 'forward' ? allowance.left <= 0 : received >= order.mostBytes),
    close() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
  };
}

/** What to set, where the bytes were spent before the rate was flat. */
function overspent(order: BandwidthOrder, progress: readonly Progress[]): Finding {
  const megabytes = Math.round(order.mostBytes / 1e5) / 10;
  const bytesPerMs = Math.max(
    0,
    ...progress.map((_, at) => meanOver(progress.slice(Math.max(0, at - 4), at + 1))),
  );
  // Slow start and two flat seconds behind it, at the rate that was seen last, and as much again to be sure.
  const wanted = Math.max(Math.ceil(2 * megabytes), Math.ceil((bytesPerMs * 5000) / 1e6));
  const what = order.sizeIsSet
    ? `set NETRING_BANDWIDTH_TEST_SIZE_MB to at least ${wanted}, or unset it`
    : "it is this member's own bound";
  return {
    outcome: 'inconclusive',
    limited_by: 'cap',
    reason: `${megabytes} MB were spent within slow start, at ${mbpsOf(bytesPerMs).toFixed(0)} Mbit/s: ${what}`,
  };
}
