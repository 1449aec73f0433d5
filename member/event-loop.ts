import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late this process' event loop is, by windows, so that a bad moment is forgotten after the next one. */
export interface EventLoopWatch {
  /** 99th percentile of the last full window, milliseconds. */
  delayMs(): number;
  stop(): void;
}

const resolutionMs = 50;

/** Watches the event loop of this process in windows of `windowMs`, until it is stopped. */
export function watchEventLoop(windowMs: number): EventLoopWatch {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  let lastMs = 0;
  const timer = setInterval(() => {
    // What it records is the time between two looks, which are that far apart when nothing is late.
    lastMs = Math.max(0, delays.percentile(99) / 1e6 - resolutionMs);
    delays.reset();
  }, windowMs);
  return {
    delayMs: () => lastMs,
    stop() {
      clearInterval(timer);
      delays.disable();
    },
  };
}
