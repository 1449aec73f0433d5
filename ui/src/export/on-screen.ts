import type { View } from '../map/view.ts';

/** How the map stands on the screen, in CSS pixels, by what its frame tells; `undefined` where it is not drawn. */
export function onScreen(): { width: number; height: number; view: View } | undefined {
  const frame = document.querySelector<HTMLElement>('[data-scale][data-offset]');
  if (frame === null) return undefined;
  const { width, height } = frame.getBoundingClientRect();
  const [x, y] = (frame.dataset['offset'] ?? '').split(' ').map(Number);
  const scale = Number(frame.dataset['scale']);
  if (x === undefined || y === undefined || ![x, y, scale].every(Number.isFinite) || width < 1)
    return undefined;
  return { width, height, view: { scale, x, y } };
}
