import { addressFrom, hashOf, type Address, type Pair } from './address-bar.ts';

/** The address bar as reactive state. */
export interface AddressState {
  readonly current: Address;
  /** Changes what is shown; the browser's history keeps its place. */
  readonly change: (part: Partial<Omit<Address, 'pair'>>) => void;
  /** Opens a location pair as a new step in the history, so that "back" closes it. */
  readonly open: (pair: Pair) => void;
  readonly close: () => void;
}

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
  return {
    get current() {
      return current;
    },
    change: (part) => write({ ...current, ...part }, 'replaceState', history.state),
    open: (pair) => {
      const how = current.pair === undefined ? 'pushState' : 'replaceState';
      write({ ...current, pair }, how, how === 'pushState' ? { opened: true } : history.state);
    },
    close: () => {
      const { pair: _closed, ...rest } = current;
      const opened = (history.state as { opened?: boolean } | null)?.opened === true;
      current = rest;
      if (opened) history.back();
      else write(rest, 'replaceState', null);
    },
  };
}
