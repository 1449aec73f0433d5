import { fork, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Trace } from '@netring/contract/trace';
import { backoffMs } from '../backoff.ts';
import type { Measured } from './confirm.ts';
import type { FromBandwidth, ToBandwidth } from './bandwidth-duty.ts';
import { launchOf } from './launch.ts';
import { pulseMs, type FromProbeProcess, type Orders, type Pulse, type TraceMessage } from './messages.ts';
import { threads } from './names.ts';
import type { TraceOrder } from './traceroute-desk.ts';

/**
 * Small heaps for a process that keeps next to nothing: probing 16 targets needs 6 MB of heap. A young space of 2 MB is
 * collected in well under a millisecond, so that no pause shows in a measured time; more would save a tenth of the CPU
 * at thousands of probes a second, for 8 MB.
 */
const nodeFlags = ['--max-semi-space-size=2', '--max-old-space-size=64'];
const backoff = { firstMs: 200, longestMs: 10_000 };
/** A process that starts at all says so sooner. */
const readyWithinMs = 3000;
/** A process that says nothing for so long hangs, and is replaced. */
const hangingMs = 6 * pulseMs;

/** How the probe process is. `reason` continues "the probe process …". */
export type ProbeState = { restarts: number } & (
  { kind: 'up'; pulse: Pulse | undefined } | { kind: 'down'; reason: string }
);

export interface ProbeProcess {
  /** Resolves when it is known what the process answers, or after a while in which it could not be. */
  ready: Promise<void>;
  follow(orders: Omit<Orders, 'type'>): void;
  /** Orders a bandwidth test, or hands over a connection of one; false when there is no process to take it. */
  send(message: ToBandwidth, socket?: Socket): boolean;
  /** Has a trace made; while the process is down it is not made at all. */
  trace(order: TraceOrder): void;
  state(): ProbeState;
  stop(): void;
}

export interface ProbeProcessNeeds {
  environment: Record<string, string>;
  /** Program that raises CAP_NET_RAW for the probe process; absent: the process has what the agent has. */
  raiser?: string | undefined;
  onMeasured: (measured: Measured[]) => void;
  onTraced?: (trace: Trace) => void;
  onBandwidth?: (message: FromBandwidth) => void;
  onDown: (reason: string) => void;
}

/** Forks the probe process and keeps it running until stopped. */
export function startProbeProcess(needs: ProbeProcessNeeds): ProbeProcess {
  let orders: Orders | undefined;
  let child: ChildProcess | undefined;
  let pulse: Pulse | undefined;
  let downReason = 'is being started';
  let restarts = 0;
  let failures = 0;
  let again: NodeJS.Timeout | undefined;
  let hanging: NodeJS.Timeout | undefined;
  let stopping = false;
  let beReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (beReady = resolve));
  const readyTimer = setTimeout(beReady, readyWithinMs);
  const launch = launchOf(needs.raiser, nodeFlags);

  const start = () => {
    const one = fork(entry(), [], {
      env: { UV_THREADPOOL_SIZE: String(threads), ...needs.environment },
      ...launch,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child = one;
    let lastWords = '';
    one.stderr?.on('data', (chunk: Buffer) => (lastWords = (lastWords + chunk.toString()).slice(-2000)));
    one.on('message', (message: FromProbeProcess) => {
      if (message.type === 'measured') return needs.onMeasured(message.measured);
      if (message.type === 'traced') return needs.onTraced?.(message.trace);
      if (message.type === 'bandwidth-done' || message.type === 'bandwidth-served')
        return needs.onBandwidth?.(message);
      failures = 0;
      pulse = message;
      if (pulse.answers !== undefined) beReady();
      hanging?.refresh();
    });
    one.on('error', (error) => {
      if (one.pid === undefined) onExit(`cannot be started: ${error.message}`);
      else lastWords += error.message;
    });
    one.once('exit', (code, signal) => onExit(`ended with ${signal ?? `status ${code}`}${said(lastWords)}`));
    hanging = setTimeout(() => one.kill('SIGKILL'), hangingMs);
    if (orders !== undefined) one.send(orders);
  };
  const onExit = (reason: string) => {
    clearTimeout(hanging);
    child = undefined;
    pulse = undefined;
    if (stopping) return;
    downReason = reason;
    failures++;
    restarts++;
    needs.onDown(reason);
    again = setTimeout(start, backoffMs(failures, backoff, Math.random()));
  };

  start();
  return {
    ready,
    follow(next) {
      orders = { type: 'orders', ...next };
      if (child?.connected === true) child.send(orders);
    },
    send(message, socket) {
      if (child?.connected !== true) return false;
      // Node counts a connection that was handed over at its server for as long as the other process says so, and a
      // server whose other process has ended never closes: it is to forget this one, which is theirs from here on.
      if (socket !== undefined) Object.assign(socket, { server: undefined });
      // A socket that closes on the way is noticed by who opened it.
      child.send(message, socket, {}, () => socket?.destroy());
      return true;
    },
    trace(order) {
      const message: TraceMessage = { type: 'trace', order };
      if (child?.connected === true) child.send(message);
    },
    state: () => ({
      restarts,
      ...(child === undefined ? { kind: 'down', reason: downReason } : { kind: 'up', pulse }),
    }),
    stop() {
      stopping = true;
      beReady();
      clearTimeout(readyTimer);
      clearTimeout(again);
      clearTimeout(hanging);
      if (child?.connected === true) child.disconnect();
    },
  };
}

/** The compiled entry, also when this file runs from source, as in tests. */
function entry(): string {
  const compiled = import.meta.url.endsWith('.ts') ? '../dist/probe/process.js' : './process.js';
  return fileURLToPath(new URL(compiled, import.meta.url));
}

/** The line in a stack trace that tells most. */
function said(words: string): string {
  const line = words.split('\n').find((text) => /error|fatal/i.test(text)) ?? words.split('\n')[0] ?? '';
  return line.trim() === '' ? '' : `: ${line.trim().slice(0, 200)}`;
}
