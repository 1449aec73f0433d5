/**
 * The probe process: forked by the agent, it runs the checks and sends back what they found. Nothing else happens here,
 * so that nothing else can falsify a time. It ends when the agent does.
 */
import { monotonicMs } from '../clock.ts';
import type { Measured } from './confirm.ts';
import { pulseMs, type FromProbeProcess, type Orders } from './messages.ts';
import { createRounds } from './rounds.ts';
import { watchStalls } from './stalls.ts';

/** Findings are sent together after this long, unless one of them is news. */
const batchMs = 50;

function run(): void {
  const watch = watchStalls(monotonicMs);
  let batch: Measured[] = [];
  let timer: NodeJS.Timeout | undefined;

  const send = (message: FromProbeProcess) => {
    process.send?.(message, undefined, undefined, (error) => {
      // The agent has died with the message on its way to it.
      if (error !== null) process.exit(0);
    });
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (batch.length > 0) send({ type: 'measured', measured: batch });
    batch = [];
  };
  const rounds = createRounds({
    now: monotonicMs,
    watch,
    onMeasured: (measured, changed) => {
      batch.push(measured);
      if (changed) flush();
      else timer ??= setTimeout(flush, batchMs);
    },
  });
  const pulse = () => {
    const { user, system } = process.cpuUsage();
    const residentBytes = process.memoryUsage.rss();
    send({
      type: 'pulse',
      eventLoopDelayMs: watch.takeDelayMs(),
      cpuSeconds: (user + system) / 1e6,
      residentBytes,
    });
  };

  process.on('message', (orders: Orders) => rounds.follow(orders));
  // Ctrl-C reaches the whole process group; when to end is the agent's to say, by closing the channel.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  process.on('disconnect', () => process.exit(0));
  setInterval(pulse, pulseMs);
  pulse();
}

run();
