import { linkSample } from '@netring/contract/link';
import { askRegistry, askRegistryText, type RegistryAccess } from '../ask-registry.ts';
import { terminalText } from '../terminal-text.ts';

/** What can be drawn or written as a whole, for a pipe or a file. */
export const documents = {
  graph: { path: 'topology/graph', type: 'text/vnd.graphviz', extension: 'dot' },
  map: { path: 'topology/map', type: 'text/plain', extension: 'txt' },
  report: { path: 'topology/report', type: 'text/markdown', extension: 'md' },
  sample: { path: 'topology/sample', type: 'application/json', extension: 'json' },
} as const;
export type DocumentName = keyof typeof documents;

/** A registry with a long history in its window takes its time. */
const answersWithinMs = 30_000;

/**
 * Asks for one of them.
 *
 * @throws CommandFailed, see `askRegistry`
 */
export async function askDocument(
  access: RegistryAccess,
  name: DocumentName,
  query: Record<string, string | undefined> = {},
  signal?: AbortSignal,
): Promise<string> {
  const { path, type } = documents[name];
  const question = { path, query, answersWithinMs, ...(signal === undefined ? {} : { signal }) };
  if (name === 'sample') {
    const { answer } = await askRegistry(access, { ...question, answer: linkSample });
    return `${JSON.stringify(answer, null, 2)}\n`;
  }
  const text = await askRegistryText(access, { ...question, type });
  // Its lines are its own; whatever else could move a cursor is not.
  return text.split('\n').map(terminalText).join('\n');
}
