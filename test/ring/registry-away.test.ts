import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLab } from '../lab/describe-lab.ts';
import type { Lab } from '../lab/index.ts';
import { seriesOf, type Reader } from './ask.ts';
import { locations, startLabRing, type LabRing } from './lab-ring.ts';
import { patienceMs, until } from './until.ts';
import { watchRing } from './watch.ts';

/** A longer outage is for `RING_AWAY_S=60`, by hand. */
const awayMs = Number(process.env.RING_AWAY_S ?? 12) * 1000;
/** What was measured before may have left the window of a minute. */
const comparedMs = 45_000;
/** A bucket: after any outage the picture is whole within one. */
const wholeWithinMs = 10_000;
/** A machine that stands still for seconds gets another round, and one more. */
const roundsAtMost = 3;
/** The default, after which a flushed registry has heard everybody. */
const heartbeatMs = 15_000;

/** How many checks of each path a member has made since it started, by its own count, `us1>eu1 tcp`. */
async function measured(readers: Map<string, Reader>): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const [location, reader] of readers) {
    for (const [name, count] of seriesOf(await reader.text('/metrics'))) {
      const kind = /^netring_check_duration_seconds_count\{.*check_type="(\w+)"/.exec(name)?.[1];
      const target = /target_location="(\w+)"/.exec(name)?.[1];
      if (kind !== undefined) counts.set(`${location}>${target} ${kind}`, count);
    }
  }
  return counts;
}

/** How many checks of each path the registry has in its window. */
async function known(reader: Reader): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const path of await reader.memberPaths()) {
    for (const { kind, window } of path.checks)
      counts.set(`${path.source_location}>${path.target_location} ${kind}`, window.checks);
  }
  return counts;
}

/** What the members had measured by when, once a second. */
interface Diary {
  /** What they had measured before the part of a minute that every window still holds. */
  left(): Map<string, number>;
  stop(): void;
}

function keepDiary(readers: Map<string, Reader>): Diary {
  const pages: { atMs: number; counts: Map<string, number> }[] = [];
  let isOver = false;
  void (async () => {
    while (!isOver) {
      const counts = await measured(readers).catch(() => undefined);
      if (counts !== undefined) pages.push({ atMs: performance.now(), counts });
      await wait(1_000);
    }
  })();
  return {
    left: () =>
      pages.findLast(({ atMs }) => atMs < performance.now() - comparedMs)?.counts ??
      new Map<string, number>(),
    stop: () => (isOver = true),
  };
}

/** The registry has taken every bucket of every member, also those that no window holds any more. */
async function expectAcknowledged(readers: Map<string, Reader>): Promise<void> {
  for (const reader of readers.values()) {
    // The one under way, and the one before it until the answer to its report is here.
    await until('no bucket waits', patienceMs, async () => {
      const figures = seriesOf(await reader.text('/metrics'));
      expect(figures.get('netring_outbox_dropped_buckets_total')).toBe(0);
      return (figures.get('netring_outbox_buckets') ?? Infinity) <= 2;
    });
  }
}

describeLab('a registry that is killed under load', () => {
  let ring: LabRing;
  let readers: Map<string, Reader>;
  beforeAll(async () => {
    // Twenty-five times as many checks as by default.
    ring = await startLabRing({ members: { NETRING_CHECK_INTERVAL: '0.2' } });
    readers = new Map(
      await Promise.all(locations.map(async (one) => [one, await ring.memberReader(one)] as const)),
    );
    await ring.whole();
  });
  afterAll(() => ring?.close());

  /** Kills the registry and starts it again; gives how long until the picture was whole and nothing was missing. */
  const outage = async (diary: Diary) => {
    const before = await measured(readers);
    ring.registry().kill('SIGKILL');
    await ring.registry().exited;
    await wait(awayMs);
    for (const location of locations) expect(ring.member(location).running(), location).toBe(true);
    const away = await measured(readers);
    await ring.startRegistry();
    const { value: watch } = await until(
      'it listens',
      patienceMs,
      () => watchRing(ring.reader),
      () => ring.logs(),
    );
    const wholeMs = await ring.whole();
    const atReturn = await measured(readers);
    let missing: string[] = [];
    const { tookMs } = await until(
      'everything measured so far is known',
      comparedMs / 2,
      async () => {
        const counts = await known(ring.reader);
        const left = diary.left();
        missing = [...atReturn].flatMap(([path, count]) => {
          const has = counts.get(path) ?? 0;
          const due = count - (left.get(path) ?? 0);
          return has >= due ? [] : [`${path}: ${has} of ${due}`];
        });
        return missing.length === 0;
      },
      () => missing.join('\n') + ring.logs(),
    );
    const [has, made] = [await known(ring.reader), await measured(readers)];
    for (const [path, count] of made) {
      // A train of packets that nothing answered is a check without a duration.
      const timed = path.endsWith(' tcp') || path.endsWith(' http');
      if (timed) expect(has.get(path), path).toBeLessThanOrEqual(count);
    }
    for (const one of locations) expect(watch.statusesOf(`${one}-a`), watch.told()).toEqual(['online']);
    await expectAcknowledged(readers);
    watch.stop();
    const sum = (counts: Map<string, number>) => [...counts.values()].reduce((a, b) => a + b, 0);
    console.log(
      `${sum(away) - sum(before)} checks while it was away for ${awayMs / 1000} s; whole ${Math.round(wholeMs)} ms ` +
        `after its return, and all checks known ${Math.round(tookMs)} ms later`,
    );
    return wholeMs + tookMs;
  };

  it(
    'no member dies, no result is lost, nobody is stale, and the picture is whole within 10 s of its return',
    async () => {
      const diary = keepDiary(readers);
      try {
        const rounds: number[] = [];
        while (rounds.length < roundsAtMost && !rounds.some((one) => one < wholeWithinMs))
          rounds.push(await outage(diary));
        expect(Math.min(...rounds)).toBeLessThan(wholeWithinMs);
      } finally {
        diary.stop();
      }
    },
    roundsAtMost * (awayMs + 150_000),
  );
});

describeLab(
  'a Redis that is emptied',
  () => {
    let ring: LabRing;
    const redis = async (lab: Lab) => {
      const us1 = lab.location('us1');
      await us1.spawn('redis-server', ['--save', '', '--port', '6379', '--bind', '127.0.0.1']);
      await until('Redis answers', patienceMs, async () =>
        (await us1.exec('redis-cli', ['ping'])).stdout.includes('PONG'),
      );
    };
    beforeAll(async () => {
      const registry = { NETRING_REDIS_URL: 'redis://127.0.0.1:6379' };
      ring = await startLabRing({ registry, before: redis });
      await ring.whole();
    });
    afterAll(() => ring?.close());
    /** How many members Redis keeps. */
    const kept = async () =>
      Number(
        (await ring.lab.location('us1').exec('redis-cli', ['HLEN', 'netring:{0}:table:members'])).stdout,
      );

    it('is filled again within one heartbeat, with every member and path', async () => {
      const watch = await watchRing(ring.reader);
      const rounds: number[] = [];
      while (rounds.length < roundsAtMost && !rounds.some((one) => one < heartbeatMs + wholeWithinMs)) {
        await ring.lab.location('us1').exec('redis-cli', ['FLUSHALL']);
        const startedMs = performance.now();
        // Redis itself is asked: the picture may never show that anybody was gone.
        await until('Redis has all members again', patienceMs, async () => (await kept()) === 3);
        await ring.whole();
        rounds.push(Math.round(performance.now() - startedMs));
      }
      console.log(`whole ${rounds.join()} ms after Redis was emptied`);
      expect(Math.min(...rounds)).toBeLessThan(heartbeatMs + wholeWithinMs);
      for (const one of locations) expect(watch.statusesOf(`${one}-a`), watch.told()).toEqual(['online']);
      watch.stop();
    }, 400_000);
  },
  { needs: 'redis-cli' },
);
