import { addressFrom, type Page } from './address-bar.ts';

/** How a step of the browser's history came about, kept with it, so that leaving goes back instead of forth. */
export type Step =
  | { step: 'opened' }
  /** `from`: what stood after `#` before. */
  | { step: 'visited'; from: string };

/** The step that a state of the history tells; `undefined` where it was not made here. */
export function stepOf(state: unknown): Step | undefined {
  const { step, from } = (state ?? {}) as { step?: unknown; from?: unknown };
  if (step === 'visited' && typeof from === 'string') return { step, from };
  return step === 'opened' ? { step } : undefined;
}

/** Which page leaving leads to, from a page whose step in the history has this state: a page that a link led to leads to everything. */
export function pageBehind(state: unknown): Page['kind'] {
  const step = stepOf(state);
  return step?.step === 'visited' ? addressFrom(step.from).page.kind : 'home';
}

/** How a button that leaves is labelled. */
export const backWords: Readonly<Record<Page['kind'], string>> = {
  home: 'All paths',
  path: 'The path',
  alerts: 'Alerts',
  map: 'Services',
};
