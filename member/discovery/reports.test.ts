import { bucketMs, type ReportRequest } from '@netring/contract/report';
import type { TrafficBucket, TrafficObservation } from '@netring/topology';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { monotonicMs } from '../clock.ts';
import { createCollecting } from './collecting.ts';
import type { RegistryReply } from '../registry-client.ts';
import { createOutbox } from '../outbox/index.ts';

const taken: RegistryReply = {
  kind: 'answered',
  status: 200,
  body: { status: 'ok', plan: { version: 'v1', epoch: 1 } },
};
const away: RegistryReply = { kind: 'away', reason: 'connection refused' };
const invalid: RegistryReply = { kind: 'answered', status: 400, body: {} };
const refusing: RegistryReply = {
  kind: 'answered',
  status: 200,
  body: {
    status: 'ok',
    plan: { version: 'v1', epoch: 1 },
    refused: [{ of: 'traffic', index: 0, field: 'started_ms', reason: 'is too old' }],
  },
};

/** A wall clock that is at the beginning of a bucket whenever a test starts: none crosses the end of one. */
let aheadMs = 0;
const wallMs = () => Date.now() + aheadMs;
beforeEach(() => {
  aheadMs = bucketMs - (Date.now() % bucketMs);
});

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** An outbox that reports only what is urgent, to a registry that answers as it is told, then takes everything. */
function start(...answers: RegistryReply[]) {
  const reports: ReportRequest[] = [];
  const refusals: string[] = [];
  const waiting: (() => void)[] = [];
  const clocks = { wallMs, monotonicMs };
  const collecting = createCollecting({
    clocks,
    reporter: 'm1/boot',
    keepMs: 600_000,
    names: [],
    onNews: () => outbox.news(),
    onStep: () => undefined,
  });
  const outbox = createOutbox({
    instanceId: 'm1',
    boot: 'b1',
    bootMs: monotonicMs(),
    keptBuckets: 60,
    keepMs: 60_000,
    reportIntervalMs: 3_600_000,
    now: monotonicMs,
    send(report) {
      reports.push(structuredClone(report));
      waiting.splice(0).forEach((go) => go());
      return Promise.resolve(answers.shift() ?? taken);
    },
    self: () => ({ event_loop_delay_ms: 0, outbox_buckets: 0, outbox_dropped: 0, probes_off: [] }),
    discovery: collecting,
    proofs: { untold: () => [], told: () => undefined },
    onPlan: () => undefined,
    onTasks: () => undefined,
    onRefused: (what) => refusals.push(what),
  });
  stops.push(() => outbox.finish(0));
  const see = (target: string) => collecting.observe(observation(target));
  const reported = async (count: number) => {
    while (reports.length < count) await new Promise<void>((go) => waiting.push(go));
  };
  return { outbox, collecting, reports, refusals, see, reported };
}

function observation(target: string): TrafficObservation {
  return {
    timestamp_ms: wallMs(),
    source: { host: '10.0.0.1', port: 1 },
    destination: { host: '10.0.0.2', port: 80, service: target },
    protocol: 'http',
    bytes_sent: 1,
    bytes_received: 2,
    evidence: 'log',
  };
}
const requestsIn = (report: ReportRequest | undefined) =>
  (report?.traffic ?? [])
    .flatMap(({ bucket }) => (bucket as TrafficBucket).dependencies)
    .reduce((sum, one) => sum + one.requests, 0);

test('a dependency that is new is reported at once', async () => {
  const { see, reported, reports } = start();
  see('service:orders');
  await reported(1);
  expect(requestsIn(reports[0])).toBe(1);
  expect(reports[0]?.inventory).toMatchObject({ services: [] });
});

test('one that is known waits for the next report', async () => {
  const { see, reported, reports, outbox } = start();
  see('service:orders');
  await reported(1);
  see('service:orders');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(reports).toHaveLength(1);
  await outbox.finish(10_000);
  // The inventory has not changed.
  expect([requestsIn(reports[1]), reports[1]?.inventory]).toEqual([2, undefined]);
});

test('what did not arrive is told again, but for the live picture', async () => {
  const { see, reported, reports, outbox, collecting } = start(away, away, taken);
  collecting.request({ at_ms: wallMs(), source: 'address:10.0.0.1', target: 'service:orders' });
  see('service:orders');
  await reported(1);
  see('service:orders');
  await reported(3);
  expect(reports.map(requestsIn)).toEqual([1, 2, 2]);
  expect(reports.map(({ inventory }) => inventory !== undefined)).toEqual([true, true, true]);
  expect(reports.map(({ requests }) => requests?.seen)).toEqual([1, undefined, undefined]);
  await outbox.finish(10_000);
  expect(reports).toHaveLength(3);
});

test.each([
  ['of a report that was taken', refusing, 'traffic since started_ms: is too old'],
  ['as a whole', invalid, 'status 400'],
])('what was refused, %s, is counted, and holds nothing up', async (_, answer, said) => {
  const { see, reported, reports, outbox, refusals } = start(answer);
  see('service:orders');
  await reported(1);
  await outbox.finish(10_000);
  expect(reports).toHaveLength(1);
  expect(refusals.join()).toContain(said);
  const { refused, givenUp } = outbox.figures();
  expect(refused + givenUp).toBe(1);
});

test('a registry that forgot us is told traffic and inventory again', async () => {
  const { see, reported, reports, outbox } = start();
  see('service:orders');
  await reported(1);
  outbox.sendAgain(60_000);
  await reported(2);
  expect(requestsIn(reports[1])).toBe(1);
  expect(reports[1]?.inventory).toBeDefined();
  expect(reports[1]?.traffic).toEqual(reports[0]?.traffic);
});

test('a goodbye tells what is left', async () => {
  const { see, reported, reports, outbox, collecting } = start();
  see('service:orders');
  await reported(1);
  collecting.host({ name: 'h1', addresses: ['10.0.0.1'] });
  see('service:orders');
  await outbox.finish(10_000);
  expect([requestsIn(reports.at(-1)), reports.at(-1)?.inventory?.host.name]).toEqual([2, 'h1']);
});

test('a storm of new dependencies is no storm of reports', async () => {
  const { see, reported, reports } = start();
  see('service:first');
  await reported(1);
  const beganMs = performance.now();
  for (let n = 0; n < 500; n++) {
    see(`service:s${n}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await reported(2);
  expect(requestsIn(reports[1])).toBe(501);
  // As many as there were seconds, and the one that came before.
  expect(reports.length).toBeLessThanOrEqual(2 + (performance.now() - beganMs) / 1000);
});
