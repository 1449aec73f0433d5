/** What this browser keeps under a key; `undefined` when it keeps nothing, or may not. */
export function remembered(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    // Storage may be forbidden to the page; the choice then lasts as long as the page.
    return undefined;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above: the page goes on with the choice.
  }
}
