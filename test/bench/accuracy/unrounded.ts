/**
 * Figures as they may have been before they were rounded for printing: those that were printed alike are spread evenly over
 * what rounds to it. From 10 ms on `ping` and `fping` print tenths of a millisecond, and a tenth is what is asked about.
 */
export function unrounded(printed: readonly string[]): number[] {
  const counts = new Map<string, number>();
  for (const text of printed) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].flatMap(([text, count]) => {
    const step = 10 ** -(text.split('.')[1]?.length ?? 0);
    return Array.from({ length: count }, (_, at) => Number(text) + step * ((at + 0.5) / count - 0.5));
  });
}
