import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { mostBodyBytes } from './body.ts';
import { observation, serveIntake, type ServedIntake } from './served-intake.ts';

let intake: ServedIntake;
beforeEach(async () => {
  intake = await serveIntake();
});
afterEach(() => intake.stop());

describe('observations', () => {
  it.each<[string, () => string | Buffer, Record<string, string>, number]>([
    ['one', () => JSON.stringify(observation()), {}, 1],
    ['a list', () => JSON.stringify([observation(), observation()]), {}, 2],
    ['one a line', () => `${JSON.stringify(observation())}\n\r\n${JSON.stringify(observation())}\n`, {}, 2],
    ['packed', () => gzipSync(JSON.stringify([observation()])), { 'content-encoding': 'gzip' }, 1],
    ['an empty list', () => '[]', {}, 0],
    [
      'as curl sends it',
      () => JSON.stringify(observation()),
      { 'content-type': 'application/x-www-form-urlencoded' },
      1,
    ],
  ])('are taken: %s', async (_, body, headers, taken) => {
    const answer = await intake.post(body(), headers);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { status: 'ok', taken, refused: 0, refusals: [] },
    ]);
    expect(intake.requestsTold()).toBe(taken);
  });

  it('are written down as they came, and what was not measured is not made up', async () => {
    await intake.answerTo([
      observation({
        timestamp: new Date().toISOString(),
        timestamp_ms: undefined,
        source: { host: '10.0.0.1', network: 'shop' },
      }),
      observation({
        destination: { host: 'pg.internal', port: 5432, service: 'main-db' },
        protocol: undefined,
        bytes_sent: 512,
        bytes_received: 4096,
        latency_ms: 25,
        evidence: 'span',
      }),
    ]);
    expect(intake.told()).toMatchObject([
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
    await intake.answerTo([
      observation({ method: 'GET', path: '/pay?card=4111', status_code: 200, latency_ms: 7 }),
      observation(),
    ]);
    expect(intake.collecting.toTell().part.requests).toMatchObject({
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

  it('on lines that are no JSON are told by their line, and the others are taken', async () => {
    const answer = await intake.post(
      `${JSON.stringify(observation())}\n{"timestamp\n${JSON.stringify(observation())}`,
    );
    expect(await answer.json()).toEqual({
      status: 'ok',
      taken: 2,
      refused: 1,
      refusals: [{ index: 1, reason: 'is not JSON' }],
    });
  });

  it('with fields that mean nothing are taken, and the sender is told of these', async () => {
    const slips = observation({ latency: 5, source: { host: 'a', ports: 1 } });
    expect(await intake.answerTo([observation(), slips, slips, { ...slips, status_code: -1 }])).toEqual({
      status: 200,
      body: expect.objectContaining({
        taken: 3,
        refused: 1,
        ignored_fields: { latency: 2, 'source.ports': 2 },
      }) as unknown,
    });
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`${at}${'x'.repeat(100)}`, 1]));
    const { body } = (await intake.answerTo([observation(many)])) as { body: { ignored_fields: object } };
    expect(Object.keys(body.ignored_fields)).toHaveLength(20);
    expect(Object.keys(body.ignored_fields).every((name) => name.length === 64)).toBe(true);
  });

  it('that are bad by the thousand are all counted, and a hundred named', async () => {
    const answer = await intake.answerTo(new Array(5000).fill({ __proto__: 7 }));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ taken: 0, refused: 5000 });
    expect((answer.body as { refusals: unknown[] }).refusals).toHaveLength(100);
    expect(intake.rejected()).toEqual({ bad_source: 5000 });
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
      JSON.stringify(observation()),
      { origin: 'http://evil.example' },
      403,
      'from_a_page',
      'observations are not taken from pages in a browser',
    ],
  ])('in a body that cannot be read are refused: %s', async (_, body, headers, status, code, message) => {
    const answer = await intake.post(body, headers);
    expect([answer.status, await answer.json()]).toEqual([status, { error: { code, message } }]);
    expect(intake.told()).toEqual([]);
  });

  it('come from one sender so fast and no faster', async () => {
    await intake.stop();
    intake = await serveIntake({ rate: { perSecond: 1, burst: 3 } });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) statuses.push((await intake.post('[]')).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    const refused = await intake.post('[]');
    expect([refused.headers.get('retry-after'), await refused.json()]).toEqual([
      '1',
      { error: { code: 'too_fast', message: 'at most 1 requests a second: send more at once' } },
    ]);
    expect(intake.rejected()).toEqual({ too_fast: 2 });
  });
});

test('where a token is asked for, it is needed', async () => {
  await intake.stop();
  intake = await serveIntake({ tokens: ['secret', 'older'] });
  const statuses = async (authorization?: string) => {
    const answer = await intake.post(
      JSON.stringify(observation()),
      authorization === undefined ? {} : { authorization },
    );
    return [answer.status, ((await answer.json()) as { error?: { code: string } }).error?.code];
  };
  expect(await statuses()).toEqual([401, 'token_needed']);
  expect(await statuses('Bearer wrong')).toEqual([401, 'token_needed']);
  expect(await statuses('Bearer secret')).toEqual([200, undefined]);
  expect(await statuses('Bearer older')).toEqual([200, undefined]);
});

test('spans go to their reader as they came', async () => {
  const send = (body: string) =>
    fetch(intake.url('/v1/traces'), {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
    });
  expect(await (await send('abc')).json()).toEqual([3, 'application/x-protobuf', 'gzip']);
  expect((await send('x'.repeat(101))).status).toBe(413);
});

test('elsewhere there is nothing', async () => {
  expect((await fetch(intake.url('/'))).status).toBe(404);
  expect((await fetch(intake.url())).status).toBe(404);
});
