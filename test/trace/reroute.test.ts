import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { PathAnswer } from '@netring/contract/path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLab } from '../lab/describe-lab.ts';
import { startLab, type Lab } from '../lab/index.ts';
import type { NetworkFile } from '../lab/network.ts';
import { createReader, type Reader } from '../ring/ask.ts';
import { joinToken, viewToken } from '../ring/lab-ring.ts';
import { startService, type RunningService } from '../ring/running-service.ts';
import { patienceMs, until } from '../ring/until.ts';
import { buildNetring } from '../start/built-netring.ts';
import { askTrace, operatorToken, traceOfTask } from './operate.ts';

const fast = { icmp_ratelimit: 0 };

/** `NETRING_TEST_FLAP_S=600`: equal-cost paths flap for so many seconds. */
const flapMs = 1000 * Number(process.env['NETRING_TEST_FLAP_S'] ?? 0);

/** Between two sites p1 and p2 are as good, the long way over p3 and p4 is not. The registry is beside us1. */
const network: NetworkFile = {
  reroute: true,
  locations: [
    { name: 'us1', ...fast },
    { name: 'eu1', ...fast },
  ],
  routers: ['p1', 'p2', 'p3', 'p4'].map((name) => ({ name, ...fast })),
  links: [
    { between: ['us1', 'p1'], rtt_ms: 10 },
    { between: ['p1', 'eu1'], rtt_ms: 10 },
    { between: ['us1', 'p2'], rtt_ms: 10 },
    { between: ['p2', 'eu1'], rtt_ms: 10 },
    { between: ['us1', 'p3'], rtt_ms: 20, cost: 5 },
    { between: ['p3', 'p4'], rtt_ms: 20, cost: 5 },
    { between: ['p4', 'eu1'], rtt_ms: 20, cost: 5 },
  ],
};

describeLab('the route of a path in the lab', () => {
  let lab: Lab;
  let folder: string | undefined;
  let reader: Reader;
  const services: RunningService[] = [];
  const logs = () => services.map((one) => one.log()).join('\n---\n');

  beforeAll(async () => {
    await buildNetring();
    lab = await startLab(network);
    const place = (folder = await mkdtemp(join(tmpdir(), 'netring-lab-route-')));
    const registryUrl = `http://${lab.location('us1').address}:8756`;
    const tokens = { NETRING_TOKEN: joinToken, NETRING_VIEW_TOKEN: viewToken };
    const start = async (where: string, kind: 'registry' | 'member', environment: Record<string, string>) =>
      services.push(
        await startService(lab.location(where), kind, {
          folder: place,
          environment: { ...tokens, ...environment },
        }),
      );
    await start('us1', 'registry', {
      NETRING_DATA_DIR: join(place, 'store'),
      NETRING_OPERATOR_TOKEN: operatorToken,
    });
    reader = createReader(`http://127.0.0.1:${(await lab.location('us1').expose(8756)).port}`, viewToken);
    for (const where of ['us1', 'eu1'])
      await start(where, 'member', {
        NETRING_LOCATION: where,
        NETRING_INSTANCE_ID: `${where}-a`,
        NETRING_REGISTRY_URL: registryUrl,
        // Only traces that are asked for count here.
        NETRING_TRACEROUTE_INTERVAL: '3600',
        NETRING_DISCOVERY: 'false',
      });
    await until(
      'a first route',
      patienceMs,
      async () => (await answer()).traces.forward.latest?.reached,
      logs,
    );
  });
  afterAll(async () => {
    await lab?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  const answer = async () => JSON.parse(await reader.text('/api/paths/us1-a/eu1-a')) as PathAnswer;
  const forwardChanges = async () =>
    (await answer()).route_changes.filter(({ source }) => source === 'us1-a');
  /** Traces now, once more where a busy machine spoilt it. */
  const traced = async () => {
    const { value } = await until('a trace that counts', patienceMs, async () => {
      const { task } = await askTrace(reader.url, { source: 'us1-a', target: 'eu1-a' });
      const { trace } = await traceOfTask(reader.url, task, 25);
      return trace?.reached === true && trace;
    });
    return { hops: value.hops.length, id: value.path_id, router: value.hops[1]?.answers[0]?.ip };
  };

  it('is no other when traffic flaps between equal-cost paths', { timeout: flapMs + 400_000 }, async () => {
    const [p1, p2] = ['10.255.0.1', '10.255.0.5'];
    const seen = new Set<string | undefined>();
    const startedMs = performance.now();
    let flaps = 0;
    do {
      for (const gateway of [p2, p1, p2]) {
        const { code, stderr } = await lab
          .router('us1')
          .exec('ip', ['route', 'replace', `${lab.location('eu1').address}/32`, 'via', gateway]);
        expect([code, stderr]).toEqual([0, '']);
        seen.add((await traced()).router);
        flaps++;
        if (flapMs > 0) await wait(5_000);
      }
    } while (performance.now() - startedMs < flapMs);
    console.log(`${flaps} changes between equal-cost paths, ${(await forwardChanges()).length} told`);
    expect(seen).toEqual(new Set([p1, p2]));
    expect(await forwardChanges()).toEqual([]);
    await lab.router('us1').exec('ip', ['route', 'del', `${lab.location('eu1').address}/32`]);
  });

  it('changes exactly once when traffic is led another way for good', async () => {
    const before = (await traced()).hops;
    await Promise.all([lab.link('us1', 'p1').set({ cut: true }), lab.link('us1', 'p2').set({ cut: true })]);
    // One trace that shows it; the one that confirms it is asked for by the registry.
    expect((await traced()).hops).toBe(5);
    await until('the new route is told', patienceMs, async () => (await forwardChanges()).length > 0, logs);
    const again = await traced();
    expect([before, again.hops]).toEqual([4, 5]);
    const changes = await forwardChanges();
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      source_location: 'us1',
      target_location: 'eu1',
      before: { hops: [{}, {}, {}, {}], reached: true },
      after: { hops: [{}, {}, {}, {}, {}], path_id: again.id },
    });
  });
});
