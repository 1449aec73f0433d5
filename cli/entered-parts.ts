import { enteredLists, type EnteredAnswer, type EnteredImport } from '@netring/contract/entered';
import { terminalText } from './terminal-text.ts';

/** Some records of a file; `from` says where each list of it begins there. */
export interface EnteredPart {
  from: Record<(typeof enteredLists)[number], number>;
  body: EnteredImport;
}

const recordsInPart = 500;

/** A file in parts that are quickly taken each; an empty file is one empty part, so that the token is tried. */
export function partsOf(file: EnteredImport): EnteredPart[] {
  const longest = Math.max(1, ...enteredLists.map((list) => file[list].length));
  const parts: EnteredPart[] = [];
  for (let at = 0; at < longest; at += recordsInPart) {
    const slice = (list: (typeof enteredLists)[number]) => file[list].slice(at, at + recordsInPart);
    const body = { silences: slice('silences'), positions: slice('positions'), watchers: slice('watchers') };
    parts.push({
      from: { silences: at, positions: at, watchers: at },
      body: { netring: file.netring, version: file.version, ...body },
    });
  }
  return parts;
}

/** `silences: 2 taken, 1 unchanged`, a line each. */
export function sumOf(answers: readonly EnteredAnswer[]): string {
  const lines = enteredLists.map((list) => {
    const of = (count: 'taken' | 'unchanged') =>
      answers.reduce((sum, one) => sum + (one[count][list] ?? 0), 0);
    return `${list}: ${of('taken')} taken, ${of('unchanged')} unchanged`;
  });
  return lines.map(terminalText).join('\n');
}

/** The secrets that were made, a line each: nobody tells them again. */
export function secretsText({ secrets }: EnteredAnswer): string {
  const lines = secrets.map(
    ({ id, secret }) => `watcher ${id} came without a secret; its new one is ${secret}`,
  );
  return lines.map((line) => `${terminalText(line)}\n`).join('');
}

/** Why records were refused, by their place in the file. */
export function refusedText({
  from,
  answer,
}: {
  from: EnteredPart['from'];
  answer: EnteredAnswer;
}): string[] {
  return answer.refused.map(({ list, index, reason }) =>
    terminalText(`${list}[${from[list] + index}]: ${reason}`),
  );
}
