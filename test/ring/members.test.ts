import type { MemberDetailAnswer } from '@netring/contract/member-detail';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshAttempts } from '../lab/accuracy.ts';
import { describeLab } from '../lab/describe-lab.ts';
import { seriesOf, type Reader } from './ask.ts';
import { allPaths, locations, startLabRing, viewToken, type LabRing, type LocationName } from './lab-ring.ts';
import { connectTimes, median, pingTimes } from './latency.ts';
import { complaints, startPrometheus } from './prometheus.ts';
import { isRunning } from './running-service.ts';
import { patienceMs, until } from './until.ts';
import { watchRing, type Watch } from './watch.ts';

/** Names that promtool would have otherwise: rules and dashboards of before ask for them. */
const inheritedNames = [
  'netring_members_total',
  'netring_traceroute_hops_total',
  'netring_traceroute_max_hop_latency_ms',
];

// Heartbeats of 2 s and a TTL of 10 s instead of 15 s and 300 s, so that stale and offline come soon.
const quick = {
  registry: { NETRING_MEMBER_TTL: '10' },
  members: { NETRING_HEARTBEAT_INTERVAL: '2', NETRING_CHECK_INTERVAL: '0.5', NETRING_REPORT_INTERVAL: '0.5' },
};

/** An answer may be here before the event that tells the same. */
function hasTold(watch: Watch, id: string, status: string): Promise<unknown> {
  const isTold = () => Promise.resolve(watch.statusesOf(id).at(-1) === status);
  return until(`an event tells that ${id} is ${status}`, patienceMs, isTold, () => watch.told());
}

describeLab(
  'members in the lab',
  () => {
    let ring: LabRing;
    let readers: Record<LocationName, Reader>;
    beforeAll(async () => {
      ring = await startLabRing(quick);
      const made = await Promise.all(
        locations.map(async (one) => [one, await ring.memberReader(one)] as const),
      );
      readers = Object.fromEntries(made) as Record<LocationName, Reader>;
      await ring.whole();
    });
    afterAll(() => ring?.close());

    it("the median TCP connect time of every path is within 1 ms of ping's", freshAttempts, async () => {
      const pinged = Promise.all(
        allPaths.map(async (path) => {
          const [from = '', to = ''] = path.split('>');
          return [
            path,
            median(await pingTimes(ring.lab.location(from), ring.lab.location(to), 6000)),
          ] as const;
        }),
      );
      const connected = await connectTimes(ring.reader, 6000);
      const rows = (await pinged).map(([path, pingMs]) => {
        const times = connected.get(path) ?? [];
        return { path, pingMs, connectMs: Number(median(times).toFixed(3)), checks: times.length };
      });
      console.table(rows);
      for (const { path, pingMs, connectMs, checks } of rows) {
        expect(checks, path).toBeGreaterThanOrEqual(4);
        expect(Math.abs(connectMs - pingMs), path).toBeLessThan(1);
      }
    });

    it("a member's own plan, its clock and what its peers see of it can be asked for", async () => {
      const [one] = (await ring.reader.overview()).members.filter(({ location }) => location === 'eu1');
      const ask = async () =>
        JSON.parse(await ring.reader.text(`/api/members/${one?.instance_id}`)) as MemberDetailAnswer;
      const { value: found } = await until('a plan with checks and traces to come', patienceMs, async () => {
        const answer = await ask();
        const { checks, traceroute } = answer.member.schedule ?? {};
        return (checks?.next_in_ms.length ?? 0) > 0 && traceroute !== undefined ? answer : undefined;
      });
      const { member, measures, seen, now_ms: nowMs } = found;
      expect(member.schedule?.checks).toMatchObject({ interval_ms: 500 });
      expect(member.schedule?.at_ms).toBeLessThanOrEqual(nowMs);
      expect(Math.abs(member.clock_ahead_ms ?? Infinity)).toBeLessThan(10_000);
      expect([measures.states.ok, seen.states.ok]).toEqual([2, 2]);
      expect(measures.latency_ms).toBeGreaterThan(1);
      expect(found.troubled).toEqual([]);
    });

    it('promtool complains of nothing but the three inherited names', async () => {
      for (const reader of [ring.reader, ...Object.values(readers)]) {
        const found = await complaints(await reader.text('/metrics'));
        const others = [...found].filter(([name]) => !inheritedNames.includes(name));
        expect(others).toEqual([]);
      }
    });

    it('a real Prometheus finds every member through the registry, and scrapes it', async () => {
      const registryUrl = `http://${ring.lab.location('us1').address}:8756`;
      const prometheus = await startPrometheus(ring.lab.location('us1'), {
        folder: ring.folder,
        registryUrl,
        viewToken,
      });
      const { tookMs } = await until(
        'up == 1 for three members',
        patienceMs,
        async () => {
          const up = await prometheus.query('up{job="netring"} == 1');
          return (
            up
              .map(({ metric }) => metric.instance)
              .sort()
              .join() === 'ap1-a,eu1-a,us1-a'
          );
        },
        prometheus.log,
      );
      const paths = await prometheus.query('netring_connectivity_tcp == 1');
      console.log(`Prometheus: three members up after ${Math.round(tookMs)} ms, ${paths.length} paths`);
    });

    it('a killed member is stale, then offline; its address answers, so no path to it is ever down; its probe process is gone', async () => {
      const watch = await watchRing(ring.reader);
      const probeProcess = ring.member('eu1').children();
      expect(probeProcess).toHaveLength(1);
      ring.member('eu1').kill('SIGKILL');
      const gone = await until('no probe process is left', patienceMs, () =>
        Promise.resolve(!probeProcess.some(isRunning)),
      );
      await until('us1 to eu1 is up, and not answering', patienceMs, async () => {
        const path = (await ring.reader.overview()).location_paths.find(
          ({ source, target }) => source === 'us1' && target === 'eu1',
        );
        return path?.state === 'ok' && !path.answering;
      });
      await until('both checks of us1 to eu1 are refused', patienceMs, async () => {
        const refused = (await ring.reader.memberPaths()).find(
          (one) => one.source === 'us1-a' && one.target === 'eu1-a',
        );
        const checks = refused?.checks.filter(({ kind }) => kind === 'tcp' || kind === 'http');
        return checks?.length === 2 && checks.every(({ outcome }) => outcome === 'refused');
      });
      await until(
        'eu1 is offline',
        patienceMs,
        async () => (await ring.reader.statuses())['eu1-a'] === 'offline',
      );
      await hasTold(watch, 'eu1-a', 'offline');
      expect(watch.statusesOf('eu1-a'), watch.told()).toEqual(['online', 'stale', 'offline']);
      for (const path of ['us1>eu1', 'ap1>eu1'])
        expect([path, ...watch.statesOf(path)], watch.told()).toEqual([path, 'ok']);
      console.log(`probe process gone after ${Math.round(gone.tookMs)} ms\n${watch.told()}`);
      watch.stop();
    });

    it('an interrupted member is deregistered at once, no path to it is ever down, and its series go', async () => {
      // Only what a goodbye does is looked at, not what a busy machine did just before.
      await until('ap1 is online, its paths with us1 are ok', patienceMs, async () => {
        const [statuses, states] = [await ring.reader.statuses(), await ring.reader.states()];
        return statuses['ap1-a'] === 'online' && states['us1>ap1'] === 'ok' && states['ap1>us1'] === 'ok';
      });
      const watch = await watchRing(ring.reader);
      const seriesOfGone = async () => {
        const series = [...seriesOf(await readers.us1.text('/metrics')).keys()];
        return series.filter((one) => one.includes('"ap1-a"') || one.includes('target_location="ap1"'));
      };
      expect((await seriesOfGone()).length).toBeGreaterThanOrEqual(3);
      const startedMs = performance.now();
      ring.member('ap1').kill('SIGINT');
      const left = await until('ap1 is deregistered', patienceMs, async () => {
        return (await ring.reader.statuses())['ap1-a'] === 'deregistered';
      });
      expect(await ring.member('ap1').exited).toEqual({ code: 0, signal: null });
      const endedMs = performance.now() - startedMs;
      const without = await until(
        'no series of ap1',
        patienceMs,
        async () => (await seriesOfGone()).length === 0,
      );
      await hasTold(watch, 'ap1-a', 'deregistered');
      expect(watch.statusesOf('ap1-a'), watch.told()).toEqual(['online', 'deregistered']);
      for (const path of ['us1>ap1', 'eu1>ap1', 'ap1>us1', 'ap1>eu1']) {
        expect(watch.statesOf(path), watch.told()).not.toContain('down');
        expect(watch.statesOf(path), watch.told()).not.toContain('degraded');
      }
      console.log(
        `deregistered after ${Math.round(left.tookMs)} ms, ended after ${Math.round(endedMs)} ms, ` +
          `series gone ${Math.round(without.tookMs)} ms later`,
      );
      watch.stop();
    });
  },
  { needs: 'prometheus' },
);
