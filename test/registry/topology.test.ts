import assert from 'node:assert/strict';
import type { CoverageAnswer } from '@netring/contract/coverage';
import type { AccessLogItem, GraphAnswer } from '@netring/contract/graph';
import type { ServiceAnswer, WindowsAnswer } from '@netring/contract/topology';
import { afterEach, describe, it, vi } from 'vitest';
import { call } from './call.ts';
import { startRegistry, type RunningRegistry } from './start-registry.ts';
import { join, reportAnswerOf } from './test-member.ts';
import { at, inventoryOf, listening, service, trafficOf } from './traffic-of-member.ts';

const running: RunningRegistry[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

async function started(...args: Parameters<typeof startRegistry>): Promise<RunningRegistry> {
  const registry = await startRegistry(...args);
  running.push(registry);
  return registry;
}

const graph = async (base: string, query = '') => (await call(base, `/topology${query}`)).json as GraphAnswer;

const edgesOf = ({ dependencies }: GraphAnswer) =>
  dependencies.map((one) => `${one.source_service} > ${one.target_service} ${one.protocol}`).sort();

async function until(base: string, wanted: string[]): Promise<GraphAnswer> {
  let answer = await graph(base);
  await vi.waitFor(
    async () => {
      answer = await graph(base);
      assert.deepEqual(edgesOf(answer), [...wanted].sort());
    },
    { timeout: 60_000, interval: 20 },
  );
  return answer;
}

describe('the service graph', () => {
  it('joins what two members saw of one call to one dependency, counted once', async () => {
    const { url } = await started();
    const a = await join(url, 'a', { location: 'us1', ip: '10.0.0.1' });
    const b = await join(url, 'b', { location: 'us1', ip: '10.0.0.2' });
    const sent = await a.report(
      {},
      {
        inventory: inventoryOf('host-a', '10.0.0.1', [listening('orders', 80)]),
        traffic: [
          trafficOf(0, 0, [{ from: service('orders'), to: at('10.0.0.2', 8080), requests: 4 }]),
          { n: 1, started_ms: 0, revision: 1, bucket: 'nonsense', signals: [] },
        ],
      },
    );
    assert.deepEqual(
      reportAnswerOf(sent).refused?.map(({ of, index }) => [of, index]),
      [['traffic', 1]],
    );
    await b.report(
      {},
      {
        inventory: inventoryOf('host-b', '10.0.0.2', [listening('payments', 8080)]),
        traffic: [
          trafficOf(0, 0, [
            { from: at('10.0.0.1'), to: service('payments'), evidence: 'callee', requests: 4 },
          ]),
        ],
      },
    );
    const { text } = await call(url, '/metrics');
    assert.match(text, /netring_registry_refused_total\{of="traffic"\} 1/);
    assert.match(
      text,
      /netring_service_info\{instance_id="b",instance_ip="10.0.0.2",name="payments",listen_port="8080"\} 1/,
    );
    const answer = await until(url, ['us1/orders > us1/payments tcp']);
    const [dependency] = answer.dependencies;
    assert.equal(dependency?.request_count, 4);
    assert.deepEqual(dependency.evidence, ['callee', 'caller']);
    assert.equal(answer.services['us1/payments']?.instances[0]?.member, 'b');
  });

  it('knows a private address elsewhere when both ends name the same connection, and doubts it before', async () => {
    const { url } = await started();
    const a = await join(url, 'a', { location: 'us1', ip: '10.0.0.1' });
    const b = await join(url, 'b', { location: 'eu1', ip: '10.0.0.2' });
    const tuples = ['10.0.0.1:4000>10.0.0.2:5432'];
    const asking = { from: service('web'), to: at('10.0.0.2', 5432), protocol: 'postgres' } as const;
    const answering = { from: at('10.0.0.1'), to: service('pg'), protocol: 'postgres' } as const;
    const signals = (call: typeof asking | typeof answering, evidence: 'caller' | 'callee') => [
      { source: call.from, target: call.to, protocol: call.protocol, evidence, tuples },
    ];
    await b.report({}, { inventory: inventoryOf('host-b', '10.0.0.2', [listening('pg', 5432)]) });
    await a.report(
      {},
      {
        inventory: inventoryOf('host-a', '10.0.0.1', [listening('web', 80)]),
        traffic: [{ ...trafficOf(0, 0, [asking]), signals: signals(asking, 'caller') }],
      },
    );
    const doubted = await until(url, ['us1/web > unresolved:us1/10.0.0.2 postgres']);
    assert.deepEqual(doubted.services['unresolved:us1/10.0.0.2']?.candidates, ['eu1/pg']);
    assert.equal(doubted.metadata.unresolved, 1);
    const called = { ...answering, evidence: 'callee' } as const;
    await b.report(
      {},
      { traffic: [{ ...trafficOf(0, 0, [called]), signals: signals(answering, 'callee') }] },
    );
    const proved = await until(url, ['us1/web > eu1/pg postgres']);
    assert.deepEqual(proved.dependencies[0]?.evidence, ['callee', 'caller']);
    const { traffic } = (await call(url, '/api/coverage')).json as CoverageAnswer;
    assert.equal(traffic.requests, 1);
    assert.equal(traffic.measured_requests, 0);
  });

  it('answers as text and as questions, whatever names are in it', async () => {
    const { url } = await started();
    const a = await join(url, 'a', { location: 'us1', ip: '10.0.0.1' });
    const evil = 'a"];x->y[label="<script>|\u202e';
    await a.report(
      {},
      {
        inventory: inventoryOf('host-a', '10.0.0.1', [listening('shop', 80), listening('db', 5432)]),
        traffic: [
          trafficOf(0, 0, [
            {
              from: service('shop'),
              to: service('db'),
              protocol: 'postgres',
              requests: 10,
              errors: 5,
              ms: 1500,
            },
            { from: at('198.51.100.7'), to: service('shop'), protocol: 'http', evidence: 'log' },
            { from: service('shop'), to: `peer:${evil}`, protocol: 'http', evidence: 'span' },
            { from: service('shop'), to: service('db'), protocol: 'http', filter: 'health_check' },
          ]),
        ],
      },
    );
    const outside = 'external:198.51.100.7';
    await vi.waitFor(async () => assert.equal((await graph(url)).dependencies.length, 3), {
      timeout: 60_000,
      interval: 20,
    });
    const answer = await graph(url);
    assert.deepEqual(answer.metadata.hidden, { health_check: 1 });
    const shown = await graph(url, '?window=1m&include=health_check');
    assert.equal(shown.dependencies.length, 4);
    assert.deepEqual(edgesOf(await graph(url, '?window=30s')), edgesOf(answer));
    const slip = await call(url, '/topology?include=healthcheck');
    assert.equal(slip.status, 400);
    assert.match(slip.text, /include.*must be among health_check, monitoring/);

    const dot = await call(url, '/topology/graph?colour=incidents');
    assert.match(dot.headers['content-type'] ?? '', /graphviz/);
    assert.ok(!dot.text.includes('"];x->y'));
    const text = await call(url, '/topology/map');
    assert.match(text.text, /APPLICATION TOPOLOGY MAP/);
    assert.match(text.text, /\nSeen from \d{4}-[\dT:.-]+Z to \d{4}-[\dT:.-]+Z\.\n$/);
    assert.ok(!text.text.includes('\u202e'));
    const report = await call(url, '/topology/report');
    assert.match(report.text, /## Services/);
    assert.ok(!report.text.includes('<script>'));

    const shop = await call(url, '/topology/services/us1/shop?direction=outbound');
    const { dependencies, total } = shop.json as ServiceAnswer;
    assert.deepEqual(dependencies.map((one) => one.target_service).includes('us1/db'), true);
    assert.equal(total.inbound.requests, 1);
    assert.equal((await call(url, '/topology/services/nobody')).status, 404);
    const { critical } = (await call(url, '/topology/critical')).json as { critical: [string, number][] };
    assert.deepEqual(critical[0], ['us1/shop', 3]);
    const slow = (await call(url, '/topology/slow?latency_ms=1000')).json as ServiceAnswer;
    assert.deepEqual(
      slow.dependencies.map((one) => one.target_service),
      ['us1/db'],
    );
    const patterns = (await call(url, '/topology/patterns')).json as { total_observations: number };
    assert.equal(patterns.total_observations, 12);
    assert.ok(Object.hasOwn(answer.services, outside));
    assert.deepEqual((await call(url, '/network_info')).json, {
      us1: {
        services: [
          { name: 'shop', ip: '10.0.0.1' },
          { name: 'db', ip: '10.0.0.1' },
        ],
      },
    });
    for (const wrong of ['?window=1s', '?window=2d', '?from=1', '?from=x', '?window=1m&from=2026-01-01'])
      assert.equal((await call(url, `/topology${wrong}`)).status, 400, wrong);
    assert.equal((await call(url, '/topology/slow?latency_ms=x')).status, 400);
    assert.equal((await call(url, '/topology/graph?colour=pink')).status, 400);
    assert.equal((await call(url, '/topology/diff')).status, 400);
    assert.equal((await call(url, `/topology/diff?from=${Date.now()}&window=5m`)).status, 200);
    const kept = (await call(url, '/topology/windows')).json as WindowsAnswer;
    assert.deepEqual(
      kept.resolutions.map(({ resolution_ms, kept_ms }) => [resolution_ms, kept_ms]),
      [
        [10_000, 900_000],
        [60_000, 7_200_000],
        [600_000, 86_400_000],
      ],
    );
    assert.equal((await call(url, `/topology/diff?from=${Date.now() - 3_600_000}`)).status, 200);
  });

  it('passes requests on as they happen, and keeps none', async () => {
    const { url } = await started();
    const a = await join(url, 'a', { location: 'us1', ip: '10.0.0.1' });
    const inventory = inventoryOf('host-a', '10.0.0.1', [listening('shop', 80)]);
    const sample = { at_ms: 5_000, source: at('198.51.100.7'), target: service('shop'), status: 200 };
    const stopping = new AbortController();
    const stream = await fetch(`${url}/access_logs`, { signal: stopping.signal });
    const sent = await a.report(
      {},
      { inventory, requests: { seen: 40, sample: [{ ...sample, path: '/cart?card=1234' }] } },
    );
    assert.equal(sent.status, 200);
    let text = '';
    for await (const chunk of stream.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if (text.includes('event: seen')) break;
    }
    stopping.abort();
    const item = JSON.parse(/event: request\ndata: (.*)/.exec(text)?.[1] ?? '{}') as AccessLogItem;
    assert.deepEqual(
      [item.network, item.source_service, item.target_service, item.path, item.ingress],
      ['us1', 'external:198.51.100.7', 'us1/shop', '/cart', true],
    );
    assert.match(text, /\{"showing":1,"seen":40\}/);
    const refused = await a.report({}, { requests: { seen: -1, sample: [] } });
    assert.equal(reportAnswerOf(refused).refused?.[0]?.of, 'requests');
  });

  it('moves services for everybody, and keeps them moved over a flush', async () => {
    const { url } = await started({ environment: { NETRING_OPERATOR_TOKEN: 'the-operator-token' } });
    const put = (positions: object, bearer?: string) =>
      call(url, '/topology/positions', { method: 'PUT', body: { positions }, bearer });
    assert.equal((await put({ 'us1/shop': { x: 1, y: 2 } })).status, 401);
    const moved = await put({ 'us1/shop': { x: 1, y: 2, pinned: true } }, 'the-operator-token');
    assert.deepEqual(moved.json, { status: 'ok', positions: { 'us1/shop': { x: 1, y: 2, pinned: true } } });
    const tidy = (body: object, bearer?: string) =>
      call(url, '/topology/tidy', { method: 'POST', body, bearer });
    assert.equal((await tidy({}, 'no-operator-token')).status, 401);
    const a = await join(url, 'a', { location: 'us1', ip: '10.0.0.1' });
    await a.report(
      {},
      {
        inventory: inventoryOf('host-a', '10.0.0.1', [listening('shop', 80), listening('db', 5432)]),
        traffic: [trafficOf(0, 0, [{ from: service('shop'), to: service('db'), protocol: 'postgres' }])],
      },
    );
    await until(url, ['us1/shop > us1/db postgres']);
    const kept = await tidy({}, 'the-operator-token');
    assert.deepEqual(kept.json, {
      status: 'ok',
      positions: { 'us1/shop': { x: 1, y: 2, pinned: true }, 'us1/db': { x: 1, y: 3 } },
    });
    const released = await tidy({ release_pinned: true }, 'the-operator-token');
    assert.deepEqual(released.json, {
      status: 'ok',
      positions: { 'us1/shop': { x: 0, y: 0 }, 'us1/db': { x: 1, y: 0 } },
    });
    assert.equal((await put({ 'us1/shop': { x: 'left' } }, 'the-operator-token')).status, 400);
  });
});
