import { addressFrom, hashOf, type Address, type Page, type Pair } from './address-bar.ts';
import { pageBehind, stepOf, type Step } from './steps.ts';

/** The address bar as reactive state. */
export interface AddressState {
  readonly current: Address;
  /** Changes what is shown; the browser's history keeps its place. */
  readonly change: (part: Partial<Omit<Address, 'pair' | 'page' | 'member'>>) => void;
  /** Opens the facts of a member beside its card; `undefined` closes them. */
  readonly showMember: (id: string | undefined) => void;
  /** Opens a location pair as a new step in the history, so that "back" closes it. */
  readonly open: (pair: Pair) => void;
  /** Closes the pair; what was chosen beside it stays. */
  readonly close: () => void;
  /** Goes to a page as a new step in the history. From a path to another path (its other direction) the step is replaced. */
  readonly visit: (page: Page) => void;
  /** Which page `leave` leads to. */
  readonly behind: Page['kind'];
  /** Back to where the page was visited from; to everything, where a link led to it. */
  readonly leave: () => void;
}

/** How long a step back is waited for at most: where there is none to go back to, the browser does not say so. Milliseconds. */
const goingBackMs = 500;

/** Follows the address bar until `signal` aborts. */
export function followAddress(signal: AbortSignal): AddressState {
  let current = $state.raw(addressFrom(location.hash));
  let behind = $state.raw(pageBehind(history.state));
  let wentMs = -Infinity;
  /** What is asked for while a step back is under way: made at once, it would lead out of the page. */
  let afterwards: (() => void) | undefined;
  /** What was chosen beside a pair stays when the pair is closed, so it is written over the step that is gone back to. */
  let keeps = false;
  const write = (next: Address, how: 'pushState' | 'replaceState', state: unknown): void => {
    current = next;
    behind = pageBehind(state);
    history[how](state, '', hashOf(next) || location.pathname + location.search);
  };
  const read = (): void => {
    wentMs = -Infinity;
    if (keeps) write(current, 'replaceState', history.state);
    else [current, behind] = [addressFrom(location.hash), pageBehind(history.state)];
    keeps = false;
    const next = afterwards;
    afterwards = undefined;
    next?.();
  };
  globalThis.addEventListener('popstate', read, { signal });
  globalThis.addEventListener('hashchange', read, { signal });
  const goBack = (): void => {
    wentMs = performance.now();
    history.back();
  };
  const isGoing = (): boolean => performance.now() - wentMs < goingBackMs;
  const close = (): void => {
    const { pair, ...rest } = current;
    if (pair === undefined) return;
    if (isGoing()) afterwards = close;
    else if (stepOf(history.state)?.step !== 'opened') write(rest, 'replaceState', null);
    else {
      [current, keeps] = [rest, true];
      goBack();
    }
  };
  const leave = (): void => {
    if (current.page.kind === 'home') return;
    const step = stepOf(history.state);
    if (isGoing()) afterwards = leave;
    else if (step?.step !== 'visited') write({ ...current, page: { kind: 'home' } }, 'replaceState', null);
    else {
      current = addressFrom(step.from);
      goBack();
    }
  };
  return {
    get current() {
      return current;
    },
    get behind() {
      return behind;
    },
    change: (part) => write({ ...current, ...part }, 'replaceState', history.state),
    showMember: (id) => {
      const { member: _before, ...rest } = current;
      write({ ...rest, ...(id !== undefined && { member: id }) }, 'replaceState', history.state);
    },
    open: (pair) => {
      const { pair: opened } = current;
      if (opened === undefined) write({ ...current, pair }, 'pushState', { step: 'opened' } satisfies Step);
      else write({ ...current, pair }, 'replaceState', history.state);
    },
    close,
    visit: (page) => {
      const { pair: _closed, member: _shown, ...rest } = current;
      const visited: Step = { step: 'visited', from: location.hash };
      if (current.page.kind === page.kind) write({ ...rest, page }, 'replaceState', history.state);
      else write({ ...rest, page }, 'pushState', visited);
    },
    leave,
  };
}
