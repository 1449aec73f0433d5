import type { MemberView } from '@netring/contract/member';
import { allPaths, type Picture } from '../live/picture.ts';
import { ageText, clockText } from './age.ts';
import type { Headline, Tone } from './headline.ts';
import { counted } from './measure.ts';
import { isUnproved } from './path-state.ts';
import { isolated } from './phrase.ts';
import type { Trouble } from './trouble.ts';

/** Older than this, measurements back no green: two of the slowest usual check intervals. Milliseconds. */
export const tooOldMs = 120_000;

/** Age of the oldest measurement that counts, in milliseconds, at `nowMs`. */
export function oldestAgeMs(picture: Picture, nowMs: number): number | undefined {
  const { oldest_age_ms: oldest } = picture.coverage;
  return oldest === undefined ? undefined : Math.max(0, oldest + nowMs - picture.coverageAtMs);
}

/** A headline of plain words. */
export function plain(tone: Tone, text: string, detail = ''): Headline {
  return { tone, key: text, spoken: text, text: [text], detail: detail === '' ? [] : [detail] };
}

/** What is to be said when nothing is wrong: on how much that stands. `services`: how much of the services is seen and judged, where that is known. */
export function coverageHeadline(
  picture: Picture,
  troubles: readonly Trouble[],
  nowMs: number,
  services: string | undefined,
): Headline {
  const { planned, measured } = picture.coverage;
  const live = [...picture.members.values()].filter((member) => member.status !== 'deregistered');
  if (live.length === 0) return plain('unknown', 'Nothing is measured yet: waiting for members');
  if (planned === 0) return nothingPlanned(live.length);
  if (measured === 0) {
    return plain(
      'unknown',
      `Nothing is measured yet: ${counted(planned, 'path')} planned`,
      whyNothing(troubles),
    );
  }
  const oldest = oldestAgeMs(picture, nowMs);
  const age = oldest === undefined ? 'age unknown' : `oldest measurement ${ageText(oldest)} old`;
  if (measured < planned) {
    const text = `${measured} of ${counted(planned, 'planned path')} ${measured === 1 ? 'is' : 'are'} measured and up`;
    return { ...plain('unknown', `${text}; ${age}`, 'The rest has no fresh result yet.'), spoken: text };
  }
  const fresh = oldest !== undefined && oldest <= tooOldMs;
  const text = allUp(picture);
  if (!fresh)
    return {
      ...plain('unknown', `${text} when last measured; ${age}`),
      spoken: `${text} when last measured`,
    };
  const left = leftText(live.length === picture.members.size ? [] : [...picture.members.values()], nowMs);
  return {
    ...plain('ok', left === undefined ? `${text}; ${age}` : `${text}; ${left}`, standsOn(picture, services)),
    spoken: left === undefined ? text : `${text}; ${left}`,
  };
}

/** A goodbye is no trouble, but who misses somebody wants to know: told as long as it is fresh. */
const freshGoodbyeMs = 15 * 60_000;

function leftText(members: readonly MemberView[], nowMs: number): string | undefined {
  const left = members.filter(
    ({ deregistered_at: at }) => at !== undefined && nowMs - 1000 * at < freshGoodbyeMs,
  );
  const [one] = left;
  if (one?.deregistered_at === undefined) return undefined;
  if (left.length > 1) return `${left.length} members said goodbye within 15 min`;
  return `${isolated(one.instance_id)} said goodbye at ${clockText(1000 * one.deregistered_at, nowMs)}`;
}

/** How much is measured, and how much of the services is judged: what a green stands on. */
function standsOn({ coverage: { planned, measured } }: Picture, services: string | undefined): string {
  const paths = `${measured} of ${counted(planned, 'planned member path')} measured`;
  return services === undefined ? paths : `${paths} · ${services}`;
}

function nothingPlanned(members: number): Headline {
  return members === 1
    ? plain('unknown', 'One member is here: a path needs two', 'Start a member in a second location.')
    : plain('unknown', `Nothing is measured yet: ${members} members are here, no path is planned`);
}

function whyNothing(troubles: readonly Trouble[]): string {
  return troubles.some((trouble) => trouble.key.startsWith('unproved'))
    ? 'Members that have not proved their address are not probed.'
    : 'The first results come within a check interval.';
}

function allUp(picture: Picture): string {
  const paths = [...allPaths(picture)].filter((path) => !isUnproved(path));
  const locations = new Set(
    paths.flatMap((path) => [path.source, ...(path.target_kind === 'member' ? [path.target] : [])]),
  );
  const externals = new Set(
    paths.filter(({ target_kind: kind }) => kind === 'external').map(({ target }) => target),
  );
  const among = locations.size === 1 ? 'from 1 location' : `between ${locations.size} locations`;
  const and = externals.size > 0 ? ` and ${counted(externals.size, 'external target')}` : '';
  return paths.length === 1
    ? `The one path ${among}${and} is up`
    : `All ${paths.length} paths ${among}${and} are up`;
}
