import { askJson } from './ask.ts';
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

/** Asks for JSON at what `path` gives, at most once in `gapMs` milliseconds. Nothing happens before `again`. */
export function createAsked<T>(path: () => string, gapMs: number): Asked<T> {
  let data = $state.raw<T>();
  let problem = $state('');
  const leaving = new AbortController();
  const load = async (): Promise<void> => {
    const got = await askJson<T>(path(), leaving.signal).catch(() => undefined);
    if (got === undefined) return;
    if (got.kind === 'ok') data = got.data;
    problem =
      got.kind === 'ok'
        ? ''
        : got.kind === 'denied'
          ? 'The registry wants the view token again.'
          : got.reason;
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
      asking.stop();
      leaving.abort();
    },
  };
}
