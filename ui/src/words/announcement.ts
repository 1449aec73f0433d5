import type { PathState } from '@netring/contract/path';
import type { Picture } from '../live/picture.ts';
import { arrow } from './path-trouble.ts';
import { phraseText, type Phrase } from './phrase.ts';

/** A listener can take in this many changes at a time. */
const mostSaid = 3;

const saysOfPath: Record<PathState, string> = {
  ok: 'up',
  degraded: 'degraded',
  down: 'down',
  unknown: 'unknown',
};

/** What changed its state between two pictures, as one sentence each, for a screen reader. Numbers that move are not news. */
export function announcements(before: Picture, after: Picture): string[] {
  const news = [...pathNews(before, after), ...memberNews(before, after)].map(phraseText);
  if (news.length <= mostSaid) return news;
  return [...news.slice(0, mostSaid), `and ${news.length - mostSaid} more changes`];
}

function* pathNews(before: Picture, after: Picture): Generator<Phrase[]> {
  for (const [source, paths] of after.paths) {
    const ofSource = before.paths.get(source);
    if (ofSource === paths) continue;
    for (const [key, path] of paths) {
      const was = ofSource?.get(key)?.state;
      if (was !== undefined && was !== path.state) yield [...arrow(path), ` is ${saysOfPath[path.state]}`];
    }
  }
}

function* memberNews(before: Picture, after: Picture): Generator<Phrase[]> {
  if (before.members === after.members) return;
  for (const [id, member] of after.members) {
    const was = before.members.get(id);
    if (was === undefined) yield [{ name: id }, ' has joined'];
    else if (was.status !== member.status) yield [{ name: id }, ` is ${member.status}`];
  }
}
