import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStoreClock, follow, type Follower } from '../changes/index.ts';
import { createLogger } from '@netring/service/log';
import { createDirectory, type MemberRecord } from '../membership/index.ts';
import { openStore, type Store } from '../store/index.ts';
import { createKeptStates, keepStates } from './kept-states.ts';
import { createPathBook } from './path-book.ts';
import { createPicture } from './picture.ts';

let store: Store;
const followers: Follower[] = [];
beforeEach(async () => {
  store = await openStore({ kind: 'embedded', folder: undefined });
});
afterEach(async () => {
  await Promise.all(followers.splice(0).map((one) => one.stop()));
  await store.close();
});

const nowMs = 1_000_000;

/** A replica with two members that measure each other, over the one store. */
async function startReplica(name: string) {
  const directory = createDirectory(300_000, false);
  const book = createPathBook();
  const kept = createKeptStates(name);
  const picture = createPicture(directory, book, false, {}, kept);
  const follower = follow(
    store,
    createStoreClock(),
    [kept],
    createLogger('registry', 'error'),
    () => undefined,
  );
  followers.push(follower);
  await expect.poll(() => follower.ready()).toBe(true);
  for (const id of ['a', 'b']) {
    const record: MemberRecord = {
      instance_id: id,
      location: `at-${id}`,
      ip: '192.0.2.1',
      port: 1,
      registered_at_ms: 0,
      heartbeat_interval_ms: 15_000,
      check_interval_ms: 5_000,
      external_targets: [],
      registered_from: '192.0.2.1',
    };
    void directory.apply([{ kind: 'member', record } as never], undefined as never);
  }
  let seq = 0;
  return {
    saw(outcome: 'ok' | 'timeout', atMs: number) {
      const time = { id: 'a', boot: 'b', n: 0, seq: seq++, startedMs: 0, sentMs: 2_000, receivedMs: atMs };
      const totals = { target: 'b', checks: 1, failed: 0, voided: 0, sent: 1, lost: 0, latency: [] };
      book.take(time, { ...totals, last: { kind: 'tcp', outcome, ended_ms: 2_000 } });
      picture.refresh(atMs);
    },
    picture,
    keep: () => keepStates(store, name, picture.statesToKeep()),
    since(atMs: number) {
      picture.refresh(atMs);
      const member = picture.memberPath('a', 'b', atMs);
      const location = picture.locationPaths().find(({ source }) => source === 'at-a');
      return [member?.state, member?.since_ms, location?.state, location?.since_ms];
    },
  };
}

test('a replica that starts anew knows since when a path is down', async () => {
  const first = await startReplica('first');
  first.saw('ok', nowMs);
  first.saw('timeout', nowMs + 5_000);
  await first.keep();
  const second = await startReplica('second');
  second.saw('timeout', nowMs + 20_000);
  expect(second.since(nowMs + 20_000)).toEqual(['down', nowMs + 5_000, 'down', nowMs + 5_000]);
});

test('what has changed while nobody looked has changed when it was looked at', async () => {
  const first = await startReplica('first');
  first.saw('ok', nowMs);
  await first.keep();
  const second = await startReplica('second');
  second.saw('timeout', nowMs + 20_000);
  expect(second.since(nowMs + 20_000)).toEqual(['down', nowMs + 20_000, 'down', nowMs + 20_000]);
});

test('a replica goes by what the leader tells', async () => {
  const leader = await startReplica('leader');
  const other = await startReplica('other');
  for (const one of [leader, other]) one.saw('ok', nowMs);
  other.saw('timeout', nowMs + 5_700);
  leader.saw('timeout', nowMs + 5_000);
  await leader.keep();
  await expect.poll(() => other.since(nowMs + 6_000).slice(0, 2)).toEqual(['down', nowMs + 5_000]);
});

test('nothing is written when nothing has changed, and what is gone is removed', async () => {
  const leader = await startReplica('leader');
  leader.saw('ok', nowMs);
  expect(leader.picture.statesToKeep().size).toBeGreaterThan(0);
  await keepStates(store, 'x', new Map([['member:gone', new Map([['b', { state: 'ok' as const }]])]]));
  await expect.poll(async () => (await store.table.list('path-states')).size).toBe(1);
  const next = await startReplica('next');
  next.saw('ok', nowMs);
  await next.keep();
  expect([...(await store.table.list('path-states')).keys()].sort()).toEqual(['location:at-a', 'member:a']);
  await expect.poll(() => next.picture.statesToKeep().size).toBe(0);
});
