import type { SoakResult } from './soak.ts';

/** Heading of the table in `docs/soak.md`. */
export const soakHeading = `# Soak

\`npm run soak -- [minutes]\` runs a registry on Redis, a member that stays, one that is killed every 20 s, 30 simulated
members that stay and 20 that join and leave all the time, and looks at the end whether the picture is right and whether
memory was flat: the smallest reading of the second quarter of the time against that of the last. It adds a line here.

| day | minutes | lives | kills | faults | registry heap, MB | registry RSS, MB | agent RSS, MB | probe process RSS, MB |
|---|---|---|---|---|---|---|---|---|
`;

/** One line of the table. */
export function soakLine(day: string, { seconds, lives, kills, faults, memory }: SoakResult): string {
  const growths = Object.values(memory).map(
    ({ early, late, verdict }) => `${early.toFixed(0)} → ${late.toFixed(0)}, ${verdict}`,
  );
  const minutes = String(Number((seconds / 60).toFixed(1)));
  return `| ${[day, minutes, lives, kills, faults.length, ...growths].join(' | ')} |\n`;
}
