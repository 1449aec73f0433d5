import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLab } from '../lab/describe-lab.ts';
import type { Lab } from '../lab/index.ts';
import { seriesOf, type Reader } from './ask.ts';
import { locations, startLabRing, type LabRing } from './lab-ring.ts';
import { until } from './until.ts';
import { watchRing } from './watch.ts';

/**
 * By default short enough that the window of a minute still holds everything that the members ever measured. A longer
 * outage is for `RING_AWAY_S=60`, by hand.
 */
const awayMs = Number(process.env.RING_AWAY_S ?? 15) * 1000;
/** Of an outage longer than this, what was measured before its last part may have left the window by its end. */
const comparedMs = 45_000;
/** A bucket: after any outage the picture is whole within one. */
const wholeWithinMs = 10_000;
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

/** Waits for the end of the outage; what was measured before the part of it that the window will hold. */
async function sitOut(readers: Map<string, Reader>): Promise<Map<string, number>> {
  if (awayMs <= comparedMs) {
    await wait(awayMs);
    return new Map();
  }
  await wait(awayMs - comparedMs);
  const left = await measured(readers);
  await wait(comparedMs);
  return left;
}

/** The registry has taken every bucket of every member, also those that no window holds any more. */
async function expectAcknowledged(readers: Map<string, Reader>): Promise<void> {
  for (const reader of readers.values()) {
    const figures = seriesOf(await reader.text('/metrics'));
    expect(figures.get('netring_outbox_dropped_buckets_total')).toBe(0);
    // The one under way, and the one before it until the answer to its report is here.
    expect(figures.get('netring_outbox_buckets')).toBeLessThanOrEqual(2);
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
  }, 120_000);
  afterAll(() => ring?.close());

  it(
    'no member dies, no result is lost, nobody is stale, and the picture is whole within 10 s of its return',
    async () => {
      const before = await measured(readers);
      ring.registry().kill('SIGKILL');
      await ring.registry().exited;
      const left = await sitOut(readers);
      for (const location of locations) expect(ring.member(location).running(), location).toBe(true);
      const away = await measured(readers);
      await ring.startRegistry();
      const { value: watch } = await until(
        'it listens',
        15_000,
        () => watchRing(ring.reader),
        () => ring.logs(),
      );
      const wholeMs = await ring.whole();
      const atReturn = await measured(readers);
      let missing: string[] = [];
      const told = await until(
        'everything measured so far is known',
        wholeWithinMs - wholeMs,
        async () => {
          const counts = await known(ring.reader);
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
      const sum = (counts: Map<string, number>) => [...counts.values()].reduce((a, b) => a + b, 0);
      console.log(
        `${sum(away) - sum(before)} checks while it was away for ${awayMs / 1000} s; whole ${Math.round(wholeMs)} ms ` +
          `after its return, and all ${sum(atReturn) - sum(left)} checks known ${Math.round(told.tookMs)} ms later`,
      );
      watch.stop();
    },
    awayMs + 45_000,
  );
});

describeLab(
  'a Redis that is emptied',
  () => {
    let ring: LabRing;
    const redis = async (lab: Lab) => {
      const us1 = lab.location('us1');
      await us1.spawn('redis-server', ['--save', '', '--port', '6379', '--bind', '127.0.0.1']);
      await until('Redis answers', 5000, async () =>
        (await us1.exec('redis-cli', ['ping'])).stdout.includes('PONG'),
      );
    };
    beforeAll(async () => {
      const registry = { NETRING_REDIS_URL: 'redis://127.0.0.1:6379' };
      ring = await startLabRing({ registry, before: redis });
      await ring.whole();
    }, 120_000);
    afterAll(() => ring?.close());
    /** How many members Redis keeps. */
    const kept = async () =>
      Number(
        (await ring.lab.location('us1').exec('redis-cli', ['HLEN', 'netring:{0}:table:members'])).stdout,
      );

    it('is filled again within one heartbeat, with every member and path', async () => {
      const watch = await watchRing(ring.reader);
      await ring.lab.location('us1').exec('redis-cli', ['FLUSHALL']);
      const startedMs = performance.now();
      // Redis itself is asked: the picture may never show that anybody was gone.
      await until(
        'Redis has all members again',
        heartbeatMs + wholeWithinMs,
        async () => (await kept()) === 3,
      );
      await ring.whole();
      console.log(`whole ${Math.round(performance.now() - startedMs)} ms after Redis was emptied`);
      for (const one of locations) expect(watch.statusesOf(`${one}-a`), watch.told()).toEqual(['online']);
      watch.stop();
    }, 60_000);
  },
  { needs: 'redis-cli' },
);
