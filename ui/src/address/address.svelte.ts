import { addressFrom, hashOf, type Address, type Page, type Pair } from './address-bar.ts';

/** The address bar as reactive state. */
export interface AddressState {
  readonly current: Address;
  /** Changes what is shown; the browser's history keeps its place. */
  readonly change: (part: Partial<Omit<Address, 'pair' | 'page' | 'member'>>) => void;
  /** Opens the facts of a member beside its card; `undefined` closes them. */
  readonly showMember: (id: string | undefined) => void;
  /** Opens a location pair as a new step in the history, so that "back" closes it. */
  readonly open: (pair: Pair) => void;
  readonly close: () => void;
  /** Goes to a page as a new step in the history. From a path to another path (its other direction) the step is replaced. */
  readonly visit: (page: Page) => void;
  /** Back to everything, by the history where it leads there. */
  readonly leave: () => void;
}

/** How a step of the history came about, so that leaving goes back instead of forth. */
type Step = 'opened' | 'visited';

/** Follows the address bar until `signal` aborts. */
export function followAddress(signal: AbortSignal): AddressState {
  let current = $state.raw(addressFrom(location.hash));
  const read = (): void => {
    current = addressFrom(location.hash);
  };
  globalThis.addEventListener('popstate', read, { signal });
  globalThis.addEventListener('hashchange', read, { signal });
  const write = (next: Address, how: 'pushState' | 'replaceState', state: unknown): void => {
    current = next;
    history[how](state, '', hashOf(next) || location.pathname + location.search);
  };
  /** Undoes a step that was made here; else shows `next` in its place. */
  const undo = (step: Step, next: Address): void => {
    current = next;
    if ((history.state as { step?: Step } | null)?.step === step) history.back();
    else write(next, 'replaceState', null);
  };
  const step = (made: Step) => ({ step: made });
  return {
    get current() {
      return current;
    },
    change: (part) => write({ ...current, ...part }, 'replaceState', history.state),
    showMember: (id) => {
      const { member: _before, ...rest } = current;
      write({ ...rest, ...(id !== undefined && { member: id }) }, 'replaceState', history.state);
    },
    open: (pair) => {
      const { pair: opened } = current;
      if (opened === undefined) write({ ...current, pair }, 'pushState', step('opened'));
      else write({ ...current, pair }, 'replaceState', history.state);
    },
    close: () => {
      const { pair: _closed, ...rest } = current;
      undo('opened', rest);
    },
    visit: (page) => {
      const { pair: _closed, member: _shown, ...rest } = current;
      if (current.page.kind === page.kind) write({ ...rest, page }, 'replaceState', history.state);
      else write({ ...rest, page }, 'pushState', step('visited'));
    },
    leave: () => undo('visited', { ...current, page: { kind: 'home' } }),
  };
}
