import assert from 'node:assert/strict';
import type { GraphAnswer } from '@netring/contract/graph';
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
    const answer = await until(url, ['us1/orders > us1/payments tcp']);
    const [dependency] = answer.dependencies;
    assert.equal(dependency?.request_count, 4);
    assert.deepEqual(dependency.evidence, ['callee', 'caller']);
    assert.equal(answer.services['us1/payments']?.instances[0]?.member, 'b');
  });
});
