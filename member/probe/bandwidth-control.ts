import { setTimeout as wait } from 'node:timers/promises';
import type { BandwidthOrder } from './bandwidth.ts';
import type { Echo } from './bandwidth-verdict.ts';
import { openStream, readLines, sendLine, type FromFarEnd, type Told } from './bandwidth-wire.ts';
import type { Failure } from './outcome.ts';

/** The connection beside the data: echoes all the time, and what the far end tells of itself. */
export interface Control {
  /** Measures the round trip while nothing else is sent. */
  idle(): Promise<void>;
  idleRttMs(): number;
  /** The echoes that have come, oldest first. */
  echoes: readonly Echo[];
  /** Called with all that the far end tells, until replaced. */
  onTold: (told: Told) => void;
  closed(): boolean;
  close(): void;
}

const pingMs = 20;
const idleForMs = 300;

/** Opens it, or says why the far end does not serve. */
export async function openControl(
  order: BandwidthOrder,
  now: () => number,
  timeoutMs: number,
): Promise<{ control: Control } | { failure: Failure }> {
  const opened = await openStream(order, 'control', timeoutMs);
  if ('failure' in opened) return opened;
  const { socket } = opened;
  const sentAt = new Map<number, number>();
  const echoes: Echo[] = [];
  let n = 0;
  let closed = false;
  let idleMs = 0;
  const control: Control = {
    echoes,
    onTold: () => undefined,
    idleRttMs: () => idleMs,
    closed: () => closed,
    close() {
      clearInterval(pinging);
      socket.destroy();
    },
    async idle() {
      const fromMs = now();
      do await wait(idleForMs);
      while (!closed && echoes.length < 5 && now() - fromMs < 10 * idleForMs);
      const sorted = echoes.map(({ rttMs }) => rttMs).sort((a, b) => a - b);
      idleMs = sorted[Math.floor(sorted.length / 2)] ?? 0;
    },
  };
  const pinging = setInterval(() => {
    // A queue of echoes behind a lost one would only measure each other.
    if (sentAt.size > 500) return;
    sentAt.set(++n, now());
    sendLine(socket, { ping: n });
  }, pingMs);
  readLines(socket, (line) => {
    const message = line as FromFarEnd;
    if (!('pong' in message)) return control.onTold(message);
    const atMs = sentAt.get(message.pong);
    sentAt.delete(message.pong);
    if (atMs !== undefined) echoes.push({ atMs: now(), rttMs: now() - atMs });
  });
  socket.on('close', () => {
    closed = true;
    clearInterval(pinging);
  });
  return { control };
}
