import { membersAnswer, type MemberView } from '@netring/contract/member';
import { askRegistry, type RegistryAccess } from './ask-registry.ts';

export type { RegistryAccess } from './ask-registry.ts';

/**
 * The members a registry knows, and its own time, in epoch seconds.
 *
 * @throws CommandFailed when it cannot be reached, does not let us, or is no registry; it says what to do.
 * @throws ConfigurationError when its address is none.
 */
export async function askMembers(
  access: RegistryAccess,
  status?: string,
): Promise<{ members: MemberView[]; nowS: number }> {
  const { answer, nowMs } = await askRegistry(access, {
    path: 'members',
    query: { status },
    answer: membersAnswer,
  });
  return { members: answer.members, nowS: nowMs / 1000 };
}
