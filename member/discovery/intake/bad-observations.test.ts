import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { observation, serveIntake, type ServedIntake } from './served-intake.ts';

let intake: ServedIntake;
beforeEach(async () => {
  intake = await serveIntake();
});
afterEach(() => intake.stop());

describe('observations', () => {
  it.each<[string, unknown, string | undefined, string]>([
    ['no object', 7, undefined, 'must be an object'],
    [
      'no time',
      { ...observation(), timestamp_ms: undefined },
      'timestamp',
      'timestamp: is missing: send timestamp (ISO 8601) or timestamp_ms (epoch milliseconds)',
    ],
    [
      'no such time',
      observation({ timestamp: 'noon' }),
      'timestamp',
      'timestamp: must be a time in ISO 8601, such as 2026-01-31T12:00:00Z',
    ],
    [
      'a time as text',
      observation({ timestamp_ms: '5' }),
      'timestamp_ms',
      'timestamp_ms: must be epoch milliseconds',
    ],
    [
      'long ago',
      observation({ timestamp_ms: 1000 }),
      'timestamp_ms',
      'timestamp_ms: is too long ago to be counted',
    ],
    [
      'tomorrow',
      observation({ timestamp_ms: Date.now() + 86_400_000 }),
      'timestamp_ms',
      'timestamp_ms: lies more than ten seconds ahead of this machine',
    ],
    [
      'a blank name',
      observation({ source: { host: 'a', service: '  ' } }),
      'source.service',
      'source.service: must not be blank',
    ],
    ['no source', observation({ source: undefined }), 'source', 'source: is missing'],
    [
      'no destination port',
      observation({ destination: { host: 'a' } }),
      'destination.port',
      'destination.port: must be a whole number from 0 to 65535',
    ],
    [
      'a port too many',
      observation({ destination: { host: 'a', port: 65_536 } }),
      'destination.port',
      'destination.port: must be a whole number from 0 to 65535',
    ],
    ['an empty host', observation({ source: { host: '' } }), 'source.host', 'source.host: must not be empty'],
    [
      'a host with a line',
      observation({ source: { host: 'a\nb' } }),
      'source.host',
      'source.host: must be a host name or an address',
    ],
    [
      'a host that is none',
      observation({ source: { host: 'x]' } }),
      'source.host',
      'source.host: must be a host name or an address',
    ],
    [
      'an unknown protocol',
      observation({ protocol: 'gopher' }),
      'protocol',
      'protocol: must be one of: http, https, grpc, websocket, tcp, udp, amqp, kafka, redis, postgres, mysql, mongodb',
    ],
    ['negative bytes', observation({ bytes_sent: -1 }), 'bytes_sent', 'bytes_sent: must be a number from 0'],
    [
      'a status with fractions',
      observation({ status_code: 200.5 }),
      'status_code',
      'status_code: must be a whole number from 0 to 999',
    ],
    ['a method of two words', observation({ method: 'GET /' }), 'method', 'method: must be one word'],
    ['failed as text', observation({ failed: 'no' }), 'failed', 'failed: must be true or false'],
    ['no weight', observation({ weight: 0 }), 'weight', 'weight: must be a number above 0'],
    [
      'hearsay',
      observation({ evidence: 'rumour' }),
      'evidence',
      'evidence: must be one of: log, span, caller, callee, flow',
    ],
  ])('are refused with index, field and reason: %s', async (_, bad, field, reason) => {
    const refusal = { index: 1, ...(field === undefined ? {} : { field }), reason };
    expect(await intake.answerTo([observation(), bad, observation()])).toEqual({
      status: 200,
      body: { status: 'ok', taken: 2, refused: 1, refusals: [refusal] },
    });
    expect(intake.requestsTold()).toBe(2);
    expect(Object.values(intake.rejected())).toEqual([1]);
    // Alone it is an error.
    const error = {
      code: 'invalid_observations',
      message: reason,
      ...(field === undefined ? {} : { field }),
    };
    expect(await intake.answerTo([bad])).toEqual({
      status: 400,
      body: { error, taken: 0, refused: 1, refusals: [{ ...refusal, index: 0 }] },
    });
  });
});
