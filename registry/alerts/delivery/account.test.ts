import type { Alert, AlertsAnswer, Incident } from '@netring/contract/alert';
import type { Notification } from '@netring/contract/notification';
import { describe, expect, test, vi } from 'vitest';
import { keepAccounts, nothingTold, standingOf, type DeliveryState } from './account.ts';
import { owed, told, type Policy } from './due.ts';
import type { Receiver } from './receiver.ts';
import { createRounds, itemsOf, sceneOf } from './rounds.ts';

const policy: Policy = { waitMs: 0, intervalMs: 0, repeatMs: 60_000, tellsLate: true, isState: false };
const state: Policy = { ...policy, tellsLate: false, isState: true };
const receivers = new Map([
  ['people', policy],
  ['state', state],
]);

function incident(id: string, more: Partial<Incident> = {}): Incident {
  return {
    id,
    cause: { kind: 'location_pair', subject: { source_location: 'us1', target_location: 'eu1' } },
    severity: 'warning',
    state: 'open',
    summary: 'the sentence',
    started_ms: 1_000,
    changed_ms: 1_000,
    alerts: [],
    silenced: false,
    ...more,
  };
}

function alert(id: string, rule: Alert['rule'], more: Partial<Alert> = {}): Alert {
  return {
    id,
    rule,
    severity: 'warning',
    state: 'firing',
    subject: {},
    summary: rule,
    pending_since_ms: 0,
    silenced_by: [],
    ...more,
  };
}

const look = (now_ms: number, incidents: Incident[], alerts: Alert[] = []) =>
  ({ now_ms, incidents, alerts, silences: [] }) as unknown as AlertsAnswer;

/** As it is after both were told, or could not be, of the incident `a`. */
function after(progress: DeliveryState['accounts'][string]['progress'], alerts: Alert[] = []): DeliveryState {
  const ids = alerts.map(({ id }) => id);
  const kept = keepAccounts(nothingTold, look(2_000, [incident('a', { alerts: ids })], alerts), receivers);
  const account = kept.state.accounts.a;
  if (account === undefined) throw new Error('it is kept');
  return { ...kept.state, accounts: { a: { ...account, progress } } };
}

const dayMs = 86_400_000;
const never = { people: owed(undefined), state: owed(undefined) };
const knows = { people: told(undefined, 'opened', '', 2_000), state: owed(undefined) };

describe('an incident that is kept no longer', () => {
  test('was never told to who wanted to know: that is counted', () => {
    const { givenUp, state: kept } = keepAccounts(after(never), look(3_000, []), receivers);
    expect([givenUp, Object.keys(kept.accounts)]).toEqual([['people'], []]);
  });

  test('is a part of another: it is told with that', () => {
    const one = alert('x', 'loss');
    const now = look(3_000, [], [{ ...one, incident: 'wider' }]);
    expect(keepAccounts(after(never, [one]), now, receivers).givenUp).toEqual([]);
  });

  test('is tried to be ended for a day, and then counted', () => {
    const first = keepAccounts(after(knows), look(3_000, []), receivers);
    expect([first.givenUp, Object.keys(first.state.accounts)]).toEqual([[], ['a']]);
    const last = keepAccounts(first.state, look(3_000 + dayMs, []), receivers);
    expect([last.givenUp, Object.keys(last.state.accounts)]).toEqual([['people'], []]);
  });
});

test('above the bound what is settled is forgotten first; for whom there is no room is said', () => {
  const many = (letter: string, count: number, more?: Partial<Incident>) =>
    Array.from({ length: count }, (_, at) => incident(`${letter}${at}`, more));
  const full = keepAccounts(nothingTold, look(2_000, many('a', 2_000)), receivers);
  expect(full.untold).toBe(0);
  const more = [...many('a', 1_990), ...many('b', 15)];
  const over = many('a', 2_000, { state: 'resolved' }).slice(1_990);
  const next = keepAccounts(full.state, look(3_000, [...more, ...over]), receivers);
  expect(next.untold).toBe(5);
  const ids = Object.keys(next.state.accounts);
  expect([ids.length, ids.filter((id) => id.startsWith('b')).length]).toEqual([2_000, 10]);
});

test('what is silenced by itself still counts as firing for who keeps a state', () => {
  const alerts = [alert('x', 'loss'), alert('y', 'low_bandwidth', { silenced_by: ['s'] })];
  const answer = look(2_000, [incident('a', { alerts: ['x', 'y'] })], alerts);
  const kept = keepAccounts(nothingTold, answer, receivers).state;
  const receiver = { id: 'state', policy: state } as Receiver;
  const [item] = itemsOf(receiver, kept, sceneOf(answer, undefined));
  expect(item?.notification().alerts.map(({ rule }) => rule)).toEqual(['loss']);
  expect([...(item?.firing() ?? [])].sort()).toEqual(['NetringLoss', 'NetringLowBandwidth']);
});

test('what goes on is repeated in one go, unless one was refused before', async () => {
  const bodies: string[][] = [];
  const receiver = {
    id: 'state',
    policy: state,
    url: new URL('http://user:%@127.0.0.1:9/'),
    encode: ({ incident: { id } }: Notification) => ({ body: id, parts: [] }),
    joined: (all: string[]) => {
      bodies.push(all);
      return '[]';
    },
  } as unknown as Receiver;
  const ended = vi.fn();
  const rounds = createRounds({
    receivers: [receiver],
    random: () => 0.5,
    stopping: new AbortController().signal,
    ended,
    broke: () => undefined,
  });
  const incidents = ['a', 'b', 'c'].map((id) => incident(id));
  const kept = keepAccounts(nothingTold, look(2_000, incidents), receivers).state;
  for (const one of incidents.slice(0, 2)) {
    const account = kept.accounts[one.id];
    const standing = account && standingOf(account, one, new Map(), state);
    if (account === undefined || standing?.state !== 'open') throw new Error('it is open');
    account.progress = { state: told(undefined, 'opened', standing.facts, 2_000) };
  }
  rounds.look(() => kept, sceneOf(look(70_000, incidents), undefined));
  await rounds.idle();
  // News first, and by itself.
  expect([bodies, ended.mock.calls.length]).toEqual([[], 1]);
  const rest = sceneOf(look(80_000, incidents.slice(0, 2)), undefined);
  rounds.look(() => kept, rest);
  await rounds.idle();
  expect([bodies, ended.mock.calls.length]).toEqual([[['a', 'b']], 3]);
  // One failure, however many there were in it.
  expect(kept.receivers.state?.failures).toBe(2);
});

test('a notification that cannot be made is told of, tried again later, and ends nothing', async () => {
  const broke = vi.fn();
  const encode = () => {
    throw new TypeError('a fault');
  };
  const receiver = { id: 'people', policy, encode } as unknown as Receiver;
  const rounds = createRounds({
    receivers: [receiver],
    random: () => 0.5,
    stopping: new AbortController().signal,
    ended: () => undefined,
    broke,
  });
  const answer = look(2_000, [incident('a')]);
  const kept = keepAccounts(nothingTold, answer, receivers).state;
  const looks = [2_000, 2_001, 12_000].map((now_ms) => sceneOf({ ...answer, now_ms }, undefined));
  for (const scene of looks) {
    rounds.look(() => kept, scene);
    await rounds.idle();
  }
  expect(broke).toHaveBeenCalledTimes(2);
});
