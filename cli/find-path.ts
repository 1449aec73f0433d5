import { membersAnswer, type MemberView } from '@netring/contract/member';
import { pathsAnswer, type MemberPath } from '@netring/contract/path';
import { askRegistry, type RegistryAccess } from './ask-registry.ts';
import { CommandFailed } from './command-failed.ts';
import { terminalText } from './terminal-text.ts';

/** The worst first: of several paths between two locations it is the one that people ask about. */
const states: readonly MemberPath['state'][] = ['down', 'degraded', 'ok', 'unknown'];

/**
 * The member path that two names mean, each an instance id or a location; between locations the worst one.
 *
 * @throws CommandFailed when there is none, naming what there is.
 */
export async function findPath(access: RegistryAccess, source: string, target: string): Promise<MemberPath> {
  const { answer: known } = await askRegistry(access, { path: 'members', answer: membersAnswer });
  const { answer } = await askRegistry(access, {
    path: 'api/paths',
    query: { source: locationOf(known.members, source), target: locationOf(known.members, target) },
    answer: pathsAnswer,
  });
  const found = choosePath(answer.member_paths, source, target);
  if (found !== undefined) return found;
  const locations = [...new Set(known.members.map(({ location }) => location))].sort().join(', ');
  throw new CommandFailed(
    terminalText(`no path from ${source} to ${target}: name members or locations (${locations || 'none'})`),
  );
}

/** Of these paths the one meant; `undefined` when none is. */
export function choosePath(
  paths: readonly MemberPath[],
  source: string,
  target: string,
): MemberPath | undefined {
  return paths
    .filter((path) => path.source === source || path.source_location === source)
    .filter((path) => path.target === target || path.target_location === target)
    .sort((a, b) => states.indexOf(a.state) - states.indexOf(b.state))[0];
}

function locationOf(members: readonly MemberView[], name: string): string {
  return members.find(({ instance_id }) => instance_id === name)?.location ?? name;
}
