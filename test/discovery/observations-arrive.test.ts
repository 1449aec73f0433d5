import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { GraphAnswer } from '@netring/contract/graph';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNetring, type Program } from '../bench/program.ts';
import { startEmbeddedRegistry, type BenchRegistry } from '../bench/start-registry.ts';

/** A limit for what hangs. */
const patienceMs = 60_000;

let registry: BenchRegistry;
let member: Program;
let intake: string;

beforeAll(async () => {
  registry = await startEmbeddedRegistry();
  member = await startNetring('member', {
    NETRING_REGISTRY_URL: registry.url,
    NETRING_LOCATION: 'us1',
    NETRING_INSTANCE_ID: 'us1-a',
    NETRING_SERVER_HOST: '127.0.0.1',
    NETRING_SERVER_PORT: '0',
    NETRING_DISCOVERY_SOCKETS: 'off',
    NETRING_INTAKE_PORT: '0',
  });
  const [, port] = await member.printed(
    /"port":(\d+),"message":"observations and spans are taken"/,
    patienceMs,
  );
  intake = `http://127.0.0.1:${port}/observations`;
});
afterAll(async () => {
  await member?.stop();
  await registry?.stop();
});

async function graph(): Promise<GraphAnswer> {
  const answer = await fetch(`${registry.url}/topology`);
  assert.equal(answer.status, 200);
  return (await answer.json()) as GraphAnswer;
}

async function graphWhere(is: (graph: GraphAnswer) => boolean): Promise<GraphAnswer> {
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    const now = await graph();
    if (is(now)) return now;
    assert(performance.now() < deadlineMs, `it never was: ${JSON.stringify(now)}`);
    await wait(20);
  }
}

const observation = (more: object) => ({
  timestamp_ms: Date.now(),
  source: { host: '10.1.0.1', port: 40_000 },
  destination: { host: '10.1.0.2', port: 8080 },
  protocol: 'http',
  method: 'GET',
  path: '/users?token=secret',
  status_code: 200,
  latency_ms: 35,
  bytes_sent: 1024,
  bytes_received: 2048,
  ...more,
});

test('what is posted to a member is in the graph of the registry, with its numbers', async () => {
  const sent = [
    ...Array.from({ length: 100 }, () => observation({})),
    ...Array.from({ length: 5 }, () => observation({ status_code: 500, latency_ms: 150 })),
    { ...observation({}), protocol: 'gopher' },
  ];
  const answer = await fetch(intake, {
    method: 'POST',
    body: sent.map((one) => JSON.stringify(one)).join('\n'),
  });
  expect(await answer.json()).toMatchObject({
    taken: 105,
    refused: 1,
    refusals: [{ index: 105, field: 'protocol' }],
  });

  const { dependencies } = await graphWhere((now) =>
    now.dependencies.some((one) => one.request_count === 105),
  );
  expect(dependencies).toHaveLength(1);
  expect(dependencies[0]).toMatchObject({
    protocol: 'http',
    request_count: 105,
    error_count: 5,
    server_errors: 5,
    total_bytes: 105 * 3072,
    evidence: ['log'],
    seen_by: [{ member: 'us1-a', evidence: ['log'] }],
  });
  expect(dependencies[0]?.avg_latency_ms).toBeCloseTo((100 * 35 + 5 * 150) / 105, 6);
});

test('the source tells what it took and what it refused', async () => {
  const { sources } = await graph();
  const source = sources.find(({ kind }) => kind === 'observations');
  expect(source).toMatchObject({ member: 'us1-a', state: 'ok' });
});
