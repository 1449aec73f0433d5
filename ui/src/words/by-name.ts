const collator = new Intl.Collator('en', { numeric: true });

/** Orders names as people do: `us2` before `us10`. */
export function byName(one: string, other: string): number {
  return collator.compare(one, other) || (one < other ? -1 : one > other ? 1 : 0);
}
