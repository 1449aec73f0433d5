/** Runs something when asked, never twice at a time. */
export interface Paced {
  readonly ask: () => void;
  readonly stop: () => void;
}

/**
 * Lets `run` start at most once in `gapMs` milliseconds. Asking while it runs or rests makes one more run, as soon as that is allowed, so that
 * the last change is never missed.
 */
export function paced(run: () => Promise<void>, gapMs: number): Paced {
  let startedMs = -Infinity;
  let running = false;
  let wanted = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const plan = (): void => {
    timer ??= setTimeout(() => void go(), Math.max(0, startedMs + gapMs - performance.now()));
  };
  const go = async (): Promise<void> => {
    timer = undefined;
    wanted = false;
    running = true;
    startedMs = performance.now();
    try {
      await run();
    } finally {
      running = false;
      if (wanted) plan();
    }
  };
  return {
    ask: () => {
      wanted = true;
      if (!running) plan();
    },
    stop: () => {
      wanted = false;
      clearTimeout(timer);
    },
  };
}
