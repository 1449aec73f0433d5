/** Keeps the screen awake while the page is seen, where the browser can; `none`: it cannot, or may not. */
export function keepAwake(signal: AbortSignal) {
  let state = $state<'asking' | 'held' | 'none'>('asking');
  let lock: WakeLockSentinel | undefined;
  const ask = async (): Promise<void> => {
    if (document.hidden || signal.aborted || lock?.released === false) return;
    try {
      // Over plain HTTP there is no such thing, whatever the types say.
      const wakeLock = navigator.wakeLock as WakeLock | undefined;
      if (wakeLock === undefined) throw new Error('This browser cannot keep the screen awake');
      const held = await wakeLock.request('screen');
      if (signal.aborted) return void held.release();
      lock = held;
      state = 'held';
    } catch {
      // Refused, as with an empty battery: the wall says so, and asks again when it is next seen.
      state = 'none';
    }
  };
  document.addEventListener('visibilitychange', () => void ask(), { signal });
  signal.addEventListener('abort', () => void lock?.release(), { once: true });
  void ask();
  return {
    get state() {
      return state;
    },
  };
}
