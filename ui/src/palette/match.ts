import { commandGroups, type Command, type CommandGroup } from './commands.ts';

/** Commands that fit a query, by group, and how many more there are. */
export interface Matches {
  groups: { group: CommandGroup; commands: Command[]; more: number }[];
  /** Those shown, in the order of the screen. */
  shown: Command[];
}

/** So many of a group are shown; the rest is counted. */
export const mostOfGroup = { browsing: 5, searching: 12 };

/** Commands whose words all occur, the best first: at the start of the title, at the start of a word, anywhere. */
export function matching(all: readonly Command[], query: string): Matches {
  const words = query
    .toLowerCase()
    .split(/[\s→>]+/)
    .filter(Boolean);
  const found = all.flatMap((command) => {
    const rank = rankOf(command, words);
    return rank === undefined ? [] : [{ command, rank }];
  });
  found.sort((one, other) => one.rank - other.rank);
  const most = words.length === 0 ? mostOfGroup.browsing : mostOfGroup.searching;
  const groups = commandGroups.flatMap((group) => {
    const inGroup = found.filter(({ command }) => command.group === group);
    if (inGroup.length === 0) return [];
    const commands = inGroup.slice(0, most).map(({ command }) => command);
    return [{ group, commands, more: inGroup.length - commands.length, best: inGroup[0]?.rank ?? 0 }];
  });
  // While searching, the group with the best match comes first; else they keep their order.
  if (words.length > 0) groups.sort((one, other) => one.best - other.best);
  return { groups, shown: groups.flatMap(({ commands }) => commands) };
}

/** The less the better: words at the start, at the start of a word, in the order in which they were typed; `undefined`: it does not fit. */
function rankOf({ title, words: more = '' }: Command, words: readonly string[]): number | undefined {
  const [name, rest] = [title.toLowerCase(), more.toLowerCase()];
  let rank = 0;
  let after = 0;
  for (const word of words) {
    const inOrder = name.indexOf(word, after);
    const at = inOrder >= 0 ? inOrder : name.indexOf(word);
    if (at >= 0) {
      if (at !== inOrder) rank += 1;
      if (at > 0) rank += /[\p{L}\p{N}]/u.test(name[at - 1] ?? '') ? 2 : 1;
      after = at + word.length;
    } else if (rest.includes(word)) rank += 3;
    else return undefined;
  }
  return rank;
}
