/** A hidden tab gets no animation frames; beyond this many waiting items it takes them at once. */
const mostWaiting = 256;
/** How late a hidden tab may be: its title and icon still speak. */
const hiddenDelayMs = 250;

/** Collects items and hands them on together, once per animation frame. `when` asks for the next frame. */
export function frameBatch<T>(
  take: (items: readonly T[]) => void,
  when: (then: () => void) => void = nextFrameOrSoon,
): (item: T) => void {
  let waiting: T[] = [];
  const flush = (): void => {
    if (waiting.length === 0) return;
    const items = waiting;
    waiting = [];
    take(items);
  };
  return (item) => {
    waiting.push(item);
    if (waiting.length >= mostWaiting) flush();
    else if (waiting.length === 1) when(flush);
  };
}

function nextFrameOrSoon(then: () => void): void {
  if (document.hidden) setTimeout(then, hiddenDelayMs);
  else requestAnimationFrame(then);
}
