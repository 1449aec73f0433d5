/**
 * Does something that may take `ms` milliseconds at most: `work` gets a signal that aborts then, or with `signal`. Not
 * `AbortSignal.timeout`: as part of `AbortSignal.any`, Node 20 collects it as garbage, and it never fires.
 */
export async function withinMs<T>(
  ms: number,
  signal: AbortSignal,
  work: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const stop = () => limit.abort(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => limit.abort(new Error(`no answer within ${ms / 1000} s`)), ms);
  try {
    return await work(limit.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
