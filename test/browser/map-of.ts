import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Waits until the map shows so many dependencies. */
export async function drawn(page: Page, dependencies: number): Promise<void> {
  await page.locator(`canvas[data-drawn="${dependencies}"]`).waitFor();
}

/** Points of the page at which the mouse finds something on the map, from left to right. */
export async function pickable(page: Page): Promise<{ x: number; y: number }[]> {
  return page.evaluate<{ x: number; y: number }[]>(`(() => {
    const frame = document.querySelector('canvas').parentElement;
    const box = frame.getBoundingClientRect();
    const found = [];
    for (let x = box.left + 5; x < box.right; x += 9)
      for (let y = box.top + 5; y < Math.min(box.bottom, innerHeight); y += 6) {
        frame.dispatchEvent(new PointerEvent('pointermove', { clientX: x, clientY: y, bubbles: true }));
        if (frame.style.cursor === 'pointer') found.push({ x, y });
      }
    return found;
  })()`);
}

/** Clicks on the map from left to right until what was opened has each of these titles; closes what it opens. */
export async function clickUntil(page: Page, titles: readonly RegExp[]): Promise<void> {
  const points = await pickable(page);
  const wanted = new Set(titles);
  const every = Math.max(1, Math.floor(points.length / 60));
  for (let at = 0; at < points.length && wanted.size > 0; at += every) {
    const { x, y } = points[at] as { x: number; y: number };
    await page.mouse.click(x, y);
    const heading = page.getByRole('dialog').getByRole('heading', { level: 2 });
    const title = plain(await heading.innerText());
    for (const one of wanted) if (one.test(title)) wanted.delete(one);
    await page.keyboard.press('Escape');
    await heading.waitFor({ state: 'detached' });
  }
  expect([...wanted]).toEqual([]);
}

/** Words without the marks that isolate names, in one line. */
export function plain(text: string): string {
  return text
    .replace(/[\u2066-\u2069]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
