import { askJson, problemOf } from './ask.ts';
import { paced } from './paced.ts';

/** An answer of the registry, as components read it. */
export interface Asked<T> {
  /** The newest answer; kept while a newer one is asked for or refused. */
  readonly data: T | undefined;
  /** Why the last question was not answered, as a sentence; empty when it was. */
  readonly problem: string;
  /** Asks again, soon, and never more often than the gap allows. */
  readonly again: () => void;
  readonly stop: () => void;
}

/**
 * Asks for JSON at what `path` gives as the question begins, at most once in `gapMs` milliseconds. Nothing happens before
 * `again`. What is refused is asked for once more after `retryMs`, where that is given.
 */
export function createAsked<T>(path: () => string, gapMs: number, retryMs?: number): Asked<T> {
  let data = $state.raw<T>();
  let problem = $state('');
  const leaving = new AbortController();
  let retry: ReturnType<typeof setTimeout> | undefined;
  const load = async (): Promise<void> => {
    clearTimeout(retry);
    const got = await askJson<T>(path(), leaving.signal).catch(() => undefined);
    if (got === undefined) return;
    if (got.kind === 'ok') data = got.data;
    else if (retryMs !== undefined) retry = setTimeout(asking.ask, retryMs);
    problem = got.kind === 'ok' ? '' : problemOf(got);
  };
  const asking = paced(load, gapMs);
  return {
    get data() {
      return data;
    },
    get problem() {
      return problem;
    },
    again: asking.ask,
    stop: () => {
      clearTimeout(retry);
      asking.stop();
      leaving.abort();
    },
  };
}
