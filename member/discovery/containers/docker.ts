import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerSnapshot } from './facts.ts';
import { askDocker, DockerError, listenToDocker } from './docker-api.ts';
import {
  factsOf,
  gatewaysOf,
  inspectedContainer,
  listedContainers,
  listedNetworks,
  type InspectedContainer,
} from './docker-answers.ts';

/** Containers that are looked into. */
const mostContainers = 2000;

export interface DockerNeeds {
  socketPath: string;
  signal: AbortSignal;
  /** Told after each look. */
  onSnapshot: (snapshot: ContainerSnapshot, left: number) => void;
  /** Told when Docker cannot be asked. */
  onTrouble: (code: string) => void;
  /** How long to wait before it is tried again, milliseconds; and between an event and the look that follows it. */
  retryMs: number;
  settleMs: number;
  /** Looks at least so often, should an event be missed. */
  lookMs: number;
}

/** Follows the containers of one Docker until `signal`. Never throws. */
export async function followDocker(needs: DockerNeeds): Promise<void> {
  const { socketPath, signal, onTrouble, retryMs } = needs;
  const look = createLook(needs);
  while (!signal.aborted) {
    // Ends with the events: when Docker restarts, all is looked at anew.
    const listening = new AbortController();
    const both = AbortSignal.any([signal, listening.signal]);
    try {
      await look(both);
      const looks = lookAgain(needs, both, look);
      await Promise.race([listenToDocker(socketPath, both, looks.wake), looks.done]);
      if (!signal.aborted) onTrouble('connection lost');
    } catch (error) {
      if (!signal.aborted) onTrouble(error instanceof DockerError ? error.code : String(error));
    } finally {
      listening.abort();
    }
    await waitFor(retryMs, signal);
  }
}

/** Looks after each event, once it is calm, and now and then. `done` rejects when a look fails. */
function lookAgain(
  { settleMs, lookMs }: DockerNeeds,
  signal: AbortSignal,
  look: (signal: AbortSignal) => Promise<void>,
): { wake: () => void; done: Promise<void> } {
  let isDue = false;
  let ring: () => void = () => undefined;
  const wake = () => {
    isDue = true;
    ring();
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      if (!isDue) await waitFor(lookMs, signal, (resolve) => (ring = resolve));
      // A stack that starts makes many events: one look sees them all.
      await waitFor(settleMs, signal);
      // What happens from here on calls for another look.
      isDue = false;
      if (!signal.aborted) await look(signal);
    }
  };
  const done = run();
  done.catch(() => undefined);
  return { wake, done };
}

/** Waits that long, until `signal`, or until what `onWait` was given is called. */
async function waitFor(
  ms: number,
  signal: AbortSignal,
  onWait: (resolve: () => void) => void = () => undefined,
): Promise<void> {
  const over = new AbortController();
  onWait(() => over.abort());
  const either = AbortSignal.any([signal, over.signal]);
  await sleep(ms, undefined, { signal: either, ref: false }).catch(() => undefined);
}

/** What does not change while a container runs is asked once. */
function createLook({ socketPath, onSnapshot }: DockerNeeds): (signal: AbortSignal) => Promise<void> {
  let inspected = new Map<string, { text: string; answer: InspectedContainer }>();
  return async (signal) => {
    const ask = (path: string) => askDocker(socketPath, path, signal);
    const listed = listedContainers.parse(await ask('/containers/json'));
    const networks = listedNetworks.parse(await ask('/networks'));
    const next = new Map<string, { text: string; answer: InspectedContainer }>();
    for (const one of listed.slice(0, mostContainers)) {
      // Attached to another network it has other names.
      const text = JSON.stringify(one.NetworkSettings);
      const known = inspected.get(one.Id);
      if (known?.text === text) next.set(one.Id, known);
      else {
        const answer = await inspectOne(ask, one.Id);
        if (answer !== undefined) next.set(one.Id, { text, answer });
      }
    }
    inspected = next;
    const containers = listed
      .slice(0, mostContainers)
      .map((one) => factsOf(one, next.get(one.Id)?.answer, networks))
      .filter((one) => one !== undefined);
    onSnapshot(
      { containers, gateways: gatewaysOf(networks, listed) },
      Math.max(0, listed.length - mostContainers),
    );
  };
}

/** `undefined` for one that is gone by now. */
async function inspectOne(
  ask: (path: string) => Promise<unknown>,
  id: string,
): Promise<InspectedContainer | undefined> {
  try {
    return inspectedContainer.parse(await ask(`/containers/${encodeURIComponent(id)}/json`));
  } catch (error) {
    if (error instanceof DockerError && error.code === 'HTTP 404') return undefined;
    throw error;
  }
}
