/** A rectangle of the screen, CSS pixels. */
export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

const gap = 8;

/** Where a box stands beside a card, wholly on the screen where that is possible: right of it, else left, else below, else above it. */
export function beside(
  card: Rect,
  box: { width: number; height: number },
  screen: { width: number; height: number },
): { left: number; top: number } {
  const within = (at: number, size: number, most: number): number =>
    Math.max(gap, Math.min(at, most - size - gap));
  const top = within(card.top, box.height, screen.height);
  const fits = (left: number): boolean => left >= gap && left + box.width + gap <= screen.width;
  const right = card.left + card.width + gap;
  if (fits(right)) return { left: right, top };
  const before = card.left - gap - box.width;
  if (fits(before)) return { left: before, top };
  const left = within(card.left, box.width, screen.width);
  const below = card.top + card.height + gap;
  if (below >= gap && below + box.height + gap <= screen.height) return { left, top: below };
  return { left, top: within(card.top - gap - box.height, box.height, screen.height) };
}
