import { asksForWall, withoutWall, withWall } from './wall-address.ts';

/** Whether the page is a wall: `?wall` in its address. */
export function followWall(signal: AbortSignal) {
  let on = $state(asksForWall(location.search));
  const read = (): void => {
    on = asksForWall(location.search);
  };
  globalThis.addEventListener('popstate', read, { signal });
  const go = (search: string): void => {
    history.pushState(null, '', location.pathname + search + location.hash);
    read();
  };
  return {
    get on() {
      return on;
    },
    enter: () => go(withWall(location.search)),
    leave: () => go(withoutWall(location.search)),
  };
}
