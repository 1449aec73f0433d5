import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { backoffMs } from '../backoff.ts';
import type { Measured } from './confirm.ts';
import { pulseMs, type FromProbeProcess, type Orders, type Pulse } from './messages.ts';

/**
 * Small heaps for a process that keeps next to nothing: probing 16 targets needs 6 MB of heap. A young space of 2 MB is
 * collected in well under a millisecond, so that no pause shows in a measured time; more would save a tenth of the CPU
 * at thousands of probes a second, for 8 MB.
 */
const nodeFlags = ['--max-semi-space-size=2', '--max-old-space-size=64'];
const backoff = { firstMs: 200, longestMs: 10_000 };
/** A process that says nothing for so long hangs, and is replaced. */
const hangingMs = 6 * pulseMs;

/** How the probe process is. `reason` continues "the probe process …". */
export type ProbeState = { restarts: number } & (
  { kind: 'up'; pulse: Pulse | undefined } | { kind: 'down'; reason: string }
);

export interface ProbeProcess {
  follow(orders: Omit<Orders, 'type'>): void;
  state(): ProbeState;
  stop(): void;
}

export interface ProbeProcessNeeds {
  environment: Record<string, string>;
  onMeasured: (measured: Measured[]) => void;
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

  const start = () => {
    const one = fork(entry(), [], {
      env: needs.environment,
      execArgv: nodeFlags,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child = one;
    let lastWords = '';
    one.stderr?.on('data', (chunk: Buffer) => (lastWords = (lastWords + chunk.toString()).slice(-2000)));
    one.on('message', (message: FromProbeProcess) => {
      if (message.type === 'measured') return needs.onMeasured(message.measured);
      failures = 0;
      pulse = message;
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
    follow(next) {
      orders = { type: 'orders', ...next };
      if (child?.connected === true) child.send(orders);
    },
    state: () => ({
      restarts,
      ...(child === undefined ? { kind: 'down', reason: downReason } : { kind: 'up', pulse }),
    }),
    stop() {
      stopping = true;
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
