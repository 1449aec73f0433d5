import { gzipSync } from 'node:zlib';
import type { TrafficState } from '@netring/contract/traffic';
import { listen, type Listening } from '@netring/service/listen';
import { createLogger } from '@netring/service/log';
import type { TrafficBucket } from '@netring/topology';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { createCollecting, type Collecting } from '../collecting.ts';
import { systemClocks } from '../wall-clock.ts';
import { createIntakeApp } from './app.ts';
import { mostBodyBytes } from './body.ts';

let collecting: Collecting;
let listening: Listening;
const log = createLogger('member', 'error');

async function serve(
  tokens: readonly string[] = [],
  rate?: { perSecond: number; burst: number },
): Promise<void> {
  collecting = createCollecting({
    clocks: systemClocks,
    reporter: 'm1/boot',
    keepMs: 600_000,
    names: [],
    onNews: () => undefined,
    onStep: () => undefined,
  });
  const app = createIntakeApp({
    collector: collecting,
    book: collecting.source('observations', 'test'),
    spans: {
      bodyBytes: 100,
      take: (body, type, encoding) => ({
        status: 200,
        contentType: 'application/json',
        body: Buffer.from(JSON.stringify([body.length, type, encoding])),
      }),
    },
    tokens,
    now: () => 0,
    log,
    ...(rate !== undefined && { rate }),
  });
  listening = await listen(app, { host: '127.0.0.1', port: 0, maxConnections: 16 });
}
beforeEach(() => serve());
afterEach(() => listening.close(0));

const url = (path = '/observations') => `http://127.0.0.1:${listening.port}${path}`;
const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
  fetch(url(), { method: 'POST', body: body as string, headers });
const answerTo = async (body: unknown) => {
  const answer = await post(JSON.stringify(body));
  return { status: answer.status, body: (await answer.json()) as unknown };
};

const good = (more: object = {}) => ({
  timestamp_ms: Date.now(),
  source: { host: '10.0.0.1', port: 54_321 },
  destination: { host: '10.0.0.2', port: 8080 },
  protocol: 'http',
  ...more,
});
/** All dependencies that the next reports tell of. */
const told = () =>
  (collecting.toTell().part.traffic ?? []).flatMap((state: TrafficState) => {
    const { services, dependencies } = state.bucket as TrafficBucket;
    return dependencies.map(({ source, target, ...rest }) => ({
      ...rest,
      from: services[source]?.id,
      to: services[target]?.id,
    }));
  });
const requestsTold = () => told().reduce((sum, { requests }) => sum + requests, 0);
const rejected = () => collecting.figures().sources[0]?.rejected;

describe('observations', () => {
  it.each<[string, () => string | Buffer, Record<string, string>, number]>([
    ['one', () => JSON.stringify(good()), {}, 1],
    ['a list', () => JSON.stringify([good(), good()]), {}, 2],
    ['one a line', () => `${JSON.stringify(good())}\n\r\n${JSON.stringify(good())}\n`, {}, 2],
    ['packed', () => gzipSync(JSON.stringify([good()])), { 'content-encoding': 'gzip' }, 1],
    ['an empty list', () => '[]', {}, 0],
    [
      'as curl sends it',
      () => JSON.stringify(good()),
      { 'content-type': 'application/x-www-form-urlencoded' },
      1,
    ],
  ])('are taken: %s', async (_, body, headers, taken) => {
    const answer = await post(body(), headers);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { status: 'ok', taken, refused: 0, refusals: [] },
    ]);
    expect(requestsTold()).toBe(taken);
  });

  it('are written down as they came, and what was not measured is not made up', async () => {
    await answerTo([
      good({
        timestamp: new Date().toISOString(),
        timestamp_ms: undefined,
        source: { host: '10.0.0.1', network: 'shop' },
      }),
      good({
        destination: { host: 'pg.internal', port: 5432, service: 'main-db' },
        protocol: undefined,
        bytes_sent: 512,
        bytes_received: 4096,
        latency_ms: 25,
        evidence: 'span',
      }),
    ]);
    expect(told()).toMatchObject([
      {
        from: 'address:shop/10.0.0.1',
        to: 'address:10.0.0.2:8080',
        evidence: 'log',
        bytes_sent: 0,
        latency_count: 0,
        unjudged: 1,
      },
      {
        from: 'address:10.0.0.1',
        to: 'peer:main-db',
        protocol: 'postgres',
        evidence: 'span',
        bytes_sent: 512,
        latency_sum_ms: 25,
      },
    ]);
  });

  it('that are requests are in the live picture, without their query', async () => {
    await answerTo([
      good({ method: 'GET', path: '/pay?card=4111', status_code: 200, latency_ms: 7 }),
      good(),
    ]);
    expect(collecting.toTell().part.requests).toMatchObject({
      seen: 1,
      sample: [
        {
          source: 'address:10.0.0.1',
          target: 'address:10.0.0.2:8080',
          method: 'GET',
          path: '/pay',
          status: 200,
          duration_ms: 7,
        },
      ],
    });
  });

  it.each<[string, unknown, string | undefined, string]>([
    ['no object', 7, undefined, 'must be an object'],
    [
      'no time',
      { ...good(), timestamp_ms: undefined },
      'timestamp',
      'timestamp: is missing: send timestamp (ISO 8601) or timestamp_ms (epoch milliseconds)',
    ],
    [
      'no such time',
      good({ timestamp: 'noon' }),
      'timestamp',
      'timestamp: must be a time in ISO 8601, such as 2026-01-31T12:00:00Z',
    ],
    [
      'a time as text',
      good({ timestamp_ms: '5' }),
      'timestamp_ms',
      'timestamp_ms: must be epoch milliseconds',
    ],
    ['long ago', good({ timestamp_ms: 1000 }), 'timestamp_ms', 'timestamp_ms: is too long ago to be counted'],
    [
      'tomorrow',
      good({ timestamp_ms: Date.now() + 86_400_000 }),
      'timestamp_ms',
      'timestamp_ms: lies more than ten seconds ahead of this machine',
    ],
    ['no source', good({ source: undefined }), 'source', 'source: is missing'],
    [
      'no destination port',
      good({ destination: { host: 'a' } }),
      'destination.port',
      'destination.port: must be a whole number from 0 to 65535',
    ],
    [
      'a port too many',
      good({ destination: { host: 'a', port: 65_536 } }),
      'destination.port',
      'destination.port: must be a whole number from 0 to 65535',
    ],
    ['an empty host', good({ source: { host: '' } }), 'source.host', 'source.host: must not be empty'],
    [
      'a host with a line',
      good({ source: { host: 'a\nb' } }),
      'source.host',
      'source.host: must be a host name or an address',
    ],
    [
      'a host that is none',
      good({ source: { host: 'x]' } }),
      'source.host',
      'source.host: must be a host name or an address',
    ],
    [
      'an unknown protocol',
      good({ protocol: 'gopher' }),
      'protocol',
      'protocol: must be one of: http, https, grpc, websocket, tcp, udp, amqp, kafka, redis, postgres, mysql, mongodb',
    ],
    ['negative bytes', good({ bytes_sent: -1 }), 'bytes_sent', 'bytes_sent: must be a number from 0'],
    [
      'a status with fractions',
      good({ status_code: 200.5 }),
      'status_code',
      'status_code: must be a whole number from 0 to 999',
    ],
    ['a method of two words', good({ method: 'GET /' }), 'method', 'method: must be one word'],
    ['failed as text', good({ failed: 'no' }), 'failed', 'failed: must be true or false'],
    ['no weight', good({ weight: 0 }), 'weight', 'weight: must be a number above 0'],
    [
      'hearsay',
      good({ evidence: 'rumour' }),
      'evidence',
      'evidence: must be one of: log, span, caller, callee, flow',
    ],
  ])('are refused with index, field and reason: %s', async (_, bad, field, reason) => {
    const refusal = { index: 1, ...(field === undefined ? {} : { field }), reason };
    expect(await answerTo([good(), bad, good()])).toEqual({
      status: 200,
      body: { status: 'ok', taken: 2, refused: 1, refusals: [refusal] },
    });
    expect(requestsTold()).toBe(2);
    expect(Object.values(rejected() ?? {})).toEqual([1]);
    // Alone it is an error.
    const error = {
      code: 'invalid_observations',
      message: reason,
      ...(field === undefined ? {} : { field }),
    };
    expect(await answerTo([bad])).toEqual({
      status: 400,
      body: { error, taken: 0, refused: 1, refusals: [{ ...refusal, index: 0 }] },
    });
  });

  it('on lines that are no JSON are told by their line, and the others are taken', async () => {
    const answer = await post(`${JSON.stringify(good())}\n{"timestamp\n${JSON.stringify(good())}`);
    expect(await answer.json()).toEqual({
      status: 'ok',
      taken: 2,
      refused: 1,
      refusals: [{ index: 1, reason: 'is not JSON' }],
    });
  });

  it('that are bad by the thousand are all counted, and a hundred named', async () => {
    const answer = await answerTo(new Array(5000).fill({ __proto__: 7 }));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ taken: 0, refused: 5000 });
    expect((answer.body as { refusals: unknown[] }).refusals).toHaveLength(100);
    expect(rejected()).toEqual({ bad_source: 5000 });
  });

  it.each<[string, string | Buffer, Record<string, string>, number, string, string]>([
    ['nothing', '', {}, 400, 'empty_body', 'the body is empty'],
    ['no JSON', 'hello', {}, 400, 'broken_json', 'the body is neither JSON nor one JSON object a line'],
    [
      'no gzip',
      'hello',
      { 'content-encoding': 'gzip' },
      400,
      'broken_gzip',
      'the body is not what content-encoding: gzip says',
    ],
    [
      'another packing',
      'hello',
      { 'content-encoding': 'br' },
      415,
      'unknown_encoding',
      'content-encoding must be gzip or absent',
    ],
    [
      'too much',
      Buffer.alloc(mostBodyBytes + 1, ' '),
      {},
      413,
      'body_too_large',
      `the body may have at most ${mostBodyBytes} bytes, also unpacked: send it in parts`,
    ],
    [
      'too much inside',
      gzipSync(Buffer.alloc(mostBodyBytes + 1, ' ')),
      { 'content-encoding': 'gzip' },
      413,
      'body_too_large',
      `the body may have at most ${mostBodyBytes} bytes, also unpacked: send it in parts`,
    ],
    [
      'too many',
      `[${'1,'.repeat(50_000)}1]`,
      {},
      400,
      'too_many_records',
      'the body holds more than 50000 observations: send it in parts',
    ],
    [
      'a page in a browser',
      JSON.stringify(good()),
      { origin: 'http://evil.example' },
      403,
      'from_a_page',
      'observations are not taken from pages in a browser',
    ],
  ])('in a body that cannot be read are refused: %s', async (_, body, headers, status, code, message) => {
    const answer = await post(body, headers);
    expect([answer.status, await answer.json()]).toEqual([status, { error: { code, message } }]);
    expect(told()).toEqual([]);
  });

  it('come from one sender so fast and no faster', async () => {
    await listening.close(0);
    await serve([], { perSecond: 1, burst: 3 });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) statuses.push((await post('[]')).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    const refused = await post('[]');
    expect([refused.headers.get('retry-after'), await refused.json()]).toEqual([
      '1',
      { error: { code: 'too_fast', message: 'at most 1 requests a second: send more at once' } },
    ]);
    expect(rejected()).toEqual({ too_fast: 2 });
  });
});

test('where a token is asked for, it is needed', async () => {
  await listening.close(0);
  await serve(['secret', 'older']);
  const statuses = async (authorization?: string) => {
    const answer = await post(JSON.stringify(good()), authorization === undefined ? {} : { authorization });
    return [answer.status, ((await answer.json()) as { error?: { code: string } }).error?.code];
  };
  expect(await statuses()).toEqual([401, 'token_needed']);
  expect(await statuses('Bearer wrong')).toEqual([401, 'token_needed']);
  expect(await statuses('Bearer secret')).toEqual([200, undefined]);
  expect(await statuses('Bearer older')).toEqual([200, undefined]);
});

test('spans go to their reader as they came', async () => {
  const send = (body: string) =>
    fetch(url('/v1/traces'), {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
    });
  expect(await (await send('abc')).json()).toEqual([3, 'application/x-protobuf', 'gzip']);
  expect((await send('x'.repeat(101))).status).toBe(413);
});

test('elsewhere there is nothing', async () => {
  expect((await fetch(url('/'))).status).toBe(404);
  expect((await fetch(url())).status).toBe(404);
});
