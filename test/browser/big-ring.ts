import type { OverviewAnswer } from '@netring/contract/overview';
import type { LocationPath } from '@netring/contract/path';
import { member, overview, path } from './scripted-ring.ts';

const minute = 60_000;
const cut = 41;

/** As many locations as asked, in full mesh, ten members each; one location cut off and a sprinkling of other trouble. */
export function bigRing(locations: number): OverviewAnswer {
  const names = Array.from({ length: locations }, (_, index) => `site${index + 1}`);
  const members = names.flatMap((name) =>
    Array.from({ length: 10 }, (_, index) => member(`${name}-m${index}`, name)),
  );
  const paths = names.flatMap((source, row) =>
    names.flatMap((target, column) =>
      row === column ? [] : [between(source, target, (row * 7919 + column * 104729) % 997, row, column)],
    ),
  );
  return overview(members, paths);
}

function between(source: string, target: string, mixed: number, row: number, column: number): LocationPath {
  const isCut = row === cut || column === cut;
  const state = mixed < 4 || isCut ? 'down' : mixed < 16 ? 'degraded' : mixed < 20 ? 'unknown' : 'ok';
  return path(source, target, 5 + (mixed % 180), {
    state,
    since_ms: Date.now() - 2 * minute,
    ...(state !== 'ok' && { reasons: ['TCP connect timed out after 2 s, twice'] }),
  });
}
