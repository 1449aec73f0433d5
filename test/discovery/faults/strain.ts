const everyMs = 20;

/** Watches how much later than asked for this process gets to run: what is measured in a lab then is the machine. */
export function watchStrain(): { stop: () => number } {
  const startedMs = performance.now();
  let dueMs = startedMs + everyMs;
  let lateMs = 0;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    lateMs += Math.max(0, nowMs - dueMs);
    dueMs = nowMs + everyMs;
  }, everyMs);
  return {
    /** Gives the share of the time, 0–1, that it was kept waiting. */
    stop() {
      clearInterval(timer);
      return lateMs / Math.max(1, performance.now() - startedMs);
    },
  };
}
