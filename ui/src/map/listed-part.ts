/** A part of a list that is too long to be walked, and where the next one begins. */
export interface ListedPart<T> {
  items: readonly T[];
  /** Which of how many they are: the first is number 1. */
  first: number;
  last: number;
  count: number;
  /** Index at which the next part begins: after the last one comes the first again. */
  nextAt: number;
  /** How many the next part has. */
  next: number;
}

/** The part of `all` that holds index `at`, with `most` items at most; of a list that has become shorter the last part. */
export function listedPart<T>(all: readonly T[], at: number, most: number): ListedPart<T> {
  const count = all.length;
  const start = Math.floor(Math.max(0, Math.min(at, count - 1)) / most) * most;
  const items = all.slice(start, start + most);
  const end = start + items.length;
  const nextAt = end < count ? end : 0;
  const next = Math.min(most, count - nextAt);
  return { items, first: items.length === 0 ? 0 : start + 1, last: end, count, nextAt, next };
}

/** What leads to the next part: `Services 1 to 200 of 950: show the next 200`. */
export function partWords(what: string, { first, last, count, nextAt, next }: ListedPart<unknown>): string {
  return `${what} ${first} to ${last} of ${count}: show the ${nextAt === 0 ? 'first' : 'next'} ${next}`;
}
