import type { Notification, NotifiedAlert } from '@netring/contract/notification';
import { statesOf, statusesOf } from '../ring/ask.ts';
import {
  allPaths,
  joinToken,
  startLabRing,
  viewToken,
  type Environment,
  type LabRing,
  type RingOptions,
} from '../ring/lab-ring.ts';
import { startService, type RunningService } from '../ring/running-service.ts';
import { until } from '../ring/until.ts';
import { receiverUrl, startLabReceiver, type LabReceiver } from './lab-receiver.ts';

/** A ring in the lab whose registry tells a webhook at us1, with further members at us1. */
export interface ToldRing extends LabRing {
  receiver: LabReceiver;
  /** Further members at us1 by letter. */
  extra: Record<'b' | 'c', RunningService>;
  startExtra(letter: 'b' | 'c'): Promise<void>;
  /** Waits for an alert to be told of in a state; gives the notification, and seconds since `sinceMs`. */
  come(state: Notification['state'], alert: Expected, sinceMs: number, withinMs: number): Promise<Come>;
  told: () => string;
}

/** An alert that a test waits for, in words. */
export interface Expected {
  name: string;
  is: (alert: NotifiedAlert) => boolean;
}

/** Of a path between two locations, whichever way. */
export function ofPair(name: string, a: string, b: string): Expected {
  const ends = [a, b].sort().join();
  return {
    name,
    is: ({ name: its, subject: { source_location = '', target_location = '' } }) =>
      its === name && [source_location, target_location].sort().join() === ends,
  };
}

/** Of a member. */
export function ofMember(name: string, id: string): Expected {
  return { name, is: (alert) => alert.name === name && alert.subject.instance_id === id };
}

export interface Come {
  notification: Notification;
  tookS: number;
}

/** A limit for what hangs: on a machine that is busy probes are void for a while. */
const wholeWithinMs = 600_000;
/** Where the further members listen. */
const ports = { b: '8758', c: '8759' };

/** Starts one, and waits until it is whole. */
export async function startToldRing(options: {
  registry: Environment;
  members: Environment;
}): Promise<ToldRing> {
  let receiver: LabReceiver | undefined;
  const all: RingOptions = {
    registry: { NETRING_ALERT_WEBHOOK_URLS: receiverUrl, ...options.registry },
    members: options.members,
    before: async (lab) => (receiver = await startLabReceiver(lab.location('us1'))),
  };
  const ring = await startLabRing(all);
  const us1 = ring.lab.location('us1');
  const start = (letter: 'b' | 'c') =>
    startService(us1, 'member', {
      folder: ring.folder,
      environment: {
        NETRING_TOKEN: joinToken,
        NETRING_VIEW_TOKEN: viewToken,
        NETRING_LOCATION: 'us1',
        NETRING_INSTANCE_ID: `us1-${letter}`,
        NETRING_SERVER_PORT: ports[letter],
        NETRING_REGISTRY_URL: `http://${us1.address}:8756`,
        NETRING_DISCOVERY: 'false',
        ...options.members,
        NETRING_BANDWIDTH_TEST_INTERVAL: '0',
      },
    });
  try {
    const found = receiver;
    if (found === undefined) throw new Error('the receiver was not started');
    const extra = { b: await start('b'), c: await start('c') };
    await until(
      'all members online and all paths ok',
      wholeWithinMs,
      async () => {
        const { states, statuses } = await lookAt(ring);
        return (
          allPaths.every((path) => states[path] === 'ok') &&
          ['us1-a', 'us1-b', 'us1-c', 'eu1-a', 'ap1-a'].every((id) => statuses[id] === 'online')
        );
      },
      ring.logs,
    );
    const told = () =>
      `${found
        .messages()
        .map((one) => JSON.stringify(one))
        .join('\n')}\n${ring.logs().slice(-6_000)}`;
    return {
      ...ring,
      receiver: found,
      extra,
      startExtra: async (letter) => void (extra[letter] = await start(letter)),
      async come(state, alert, sinceMs, withinMs) {
        const hope = `${alert.name} to be told of as ${state}`;
        const look = () => Promise.resolve(found.first(state, alert.is));
        const { value } = await until(hope, withinMs, look, told);
        return { notification: value, tookS: Math.round((value.atMs - sinceMs) / 100) / 10 };
      },
      told,
    };
  } catch (error) {
    await ring.close();
    throw error;
  }
}

async function lookAt({ reader }: LabRing) {
  const overview = await reader.overview();
  return { states: statesOf(overview), statuses: statusesOf(overview) };
}
