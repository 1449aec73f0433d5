/** One Ctrl-C arrives up to three times: from the terminal, from npm, and from a shell between. */
const sameWishMs = 1000;

/**
 * The first wish of people that we stop: Ctrl-C, SIGTERM, or a closed terminal.
 *
 * @param onImpatience called when they ask again, a second or more later.
 */
export function stopRequest(onImpatience: () => void): { asked: Promise<void>; forget: () => void } {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let askedMs: number | undefined;
  let resolve: () => void;
  const asked = new Promise<void>((done) => (resolve = done));
  const listener = () => {
    const nowMs = performance.now();
    if (askedMs === undefined) {
      askedMs = nowMs;
      resolve();
    } else if (nowMs - askedMs > sameWishMs) onImpatience();
  };
  for (const signal of signals) process.on(signal, listener);
  return { asked, forget: () => signals.forEach((signal) => process.off(signal, listener)) };
}
