import { setTimeout as wait } from 'node:timers/promises';
import type { MemberView } from '@netring/contract/member';
import { askMembers } from '../ask-members.ts';
import { CommandFailed } from '../command-failed.ts';
import { demoLocations, registryUrl, type PlannedProcess, type RingOptions } from './ring-plan.ts';
import type { Ring } from './ring.ts';

/** A ring of three is online in a second or two; a busy machine may need ten times that. */
const wholeWithinMs = 30_000;
const askEveryMs = 200;

/**
 * Starts the registry, the others when it answers, and waits until it has heard every member.
 *
 * @throws CommandFailed when a process that this takes has ended, or it takes too long.
 */
export async function bringUp(
  ring: Ring,
  planned: readonly PlannedProcess[],
  options: RingOptions,
): Promise<void> {
  const startedS = Date.now() / 1000;
  const url = registryUrl(options);
  ring.start(planned.filter((one) => one.role === 'registry'));
  await until(ring, 'of the registry', async () => (await membersOf(url)) !== undefined);
  ring.start(planned.filter((one) => one.role !== 'registry'));
  await until(ring, 'of all three members', async () => {
    // The store may still know the members of a ring that was killed a moment ago.
    const heard = (await membersOf(url))?.filter((one) => one.last_seen >= startedS) ?? [];
    return demoLocations.every((location) => heard.some((one) => one.location === location));
  });
}

async function until(ring: Ring, ofWhom: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + wholeWithinMs;
  while (!(await isSo())) {
    const hasEnded = ring.processes.some((one) => one.planned.role !== 'shop' && one.end() !== undefined);
    if (hasEnded) throw new CommandFailed('the ring did not come up: see above');
    if (performance.now() > deadlineMs) {
      const [registry] = ring.processes;
      throw new CommandFailed(
        `no word ${ofWhom} within ${wholeWithinMs / 1000} s; the logs are beside ${registry?.logFile}`,
      );
    }
    await wait(askEveryMs);
  }
}

/** `undefined` while the registry cannot answer yet. */
async function membersOf(url: string): Promise<MemberView[] | undefined> {
  try {
    return (await askMembers({ url, token: undefined }, 'online')).members;
  } catch (error) {
    if (error instanceof CommandFailed) return undefined;
    throw error;
  }
}
