import { describe, expect, test } from 'vitest';
import { parseText, recordIn } from './parse-text.ts';
import { traefikJson } from './traefik-json.ts';

const usual = {
  ClientAddr: '10.1.0.7:51234',
  ClientHost: '198.51.100.1, 10.1.0.7',
  DownstreamContentSize: 512,
  DownstreamStatus: 200,
  Duration: 12_500_000,
  OriginContentSize: 500,
  OriginDuration: 11_000_000,
  OriginStatus: 200,
  Overhead: 1_500_000,
  RequestContentSize: 64,
  RequestCount: 7,
  RequestMethod: 'GET',
  RequestPath: '/users/7?token=secret',
  RequestProtocol: 'HTTP/2.0',
  RequestScheme: 'https',
  RetryAttempts: 0,
  RouterName: 'users@docker',
  ServiceAddr: '172.18.0.5:8080',
  ServiceName: 'users@docker',
  ServiceURL: 'http://172.18.0.5:8080',
  StartUTC: '2026-01-31T12:00:00.123456789Z',
  TLSVersion: '1.3',
  level: 'info',
  msg: '',
  time: '2026-01-31T12:00:00Z',
};
const startMs = Date.parse('2026-01-31T12:00:00Z') + 123.456789;

function read(changes: Record<string, unknown> = {}) {
  return recordIn(traefikJson(), JSON.stringify({ ...usual, ...changes }));
}

describe('a Traefik line in JSON', () => {
  test('tells who asked the proxy, and whom it asked', () => {
    const record = read();
    expect(record).toMatchObject({
      protocol: 'https',
      method: 'GET',
      path: '/users/7',
      status: 200,
      requestBytes: 64,
      responseBytes: 512,
      durationMs: 12.5,
      originMs: 11,
      requestCount: 7,
    });
    expect(record.startMs).toBeCloseTo(startMs, 3);
    expect(record.endMs).toBe(Math.round(startMs + 12.5));
    expect(record.client).toMatchObject({ id: 'address:10.1.0.7', isInside: true });
    expect(record.tries).toMatchObject([
      {
        upstream: { id: 'address:172.18.0.5:8080' },
        protocol: 'http',
        status: 200,
        failed: false,
        sentBytes: 64,
        receivedBytes: 500,
        latencyMs: 11,
      },
    ]);
  });

  test.each([
    ['no router', { ServiceURL: undefined, ServiceAddr: undefined, OriginStatus: 0, DownstreamStatus: 404 }],
    ['an answer of the proxy itself', { OriginStatus: 0, DownstreamStatus: 429 }],
    ['a UNIX socket', { ServiceURL: 'unix:/run/x', ServiceAddr: '' }],
  ])('names no backend: %s', (_, changes) => {
    expect(read(changes).tries).toEqual([]);
  });

  test.each([
    [
      'no answer',
      { OriginStatus: 0, DownstreamStatus: 502 },
      { failed: true, status: 0, latencyMs: undefined },
    ],
    ['a client that went away', { OriginStatus: 0, DownstreamStatus: 499 }, { failed: false, status: 499 }],
    [
      'an error of its own',
      { OriginStatus: 503, DownstreamStatus: 503 },
      { failed: false, status: 503, latencyMs: 11 },
    ],
    [
      'a URL as v2 wrote it',
      { ServiceURL: { Scheme: 'http', Host: 'x' } },
      { protocol: 'http', status: 200 },
    ],
    [
      'TLS',
      { ServiceURL: 'https://172.18.0.5' },
      { protocol: 'https', upstream: { id: 'address:172.18.0.5:443' } },
    ],
    ['a name', { ServiceURL: 'http://users:8080' }, { upstream: { id: 'address:users:8080' } }],
    ['IPv6', { ServiceURL: 'http://[fd00::5]:80' }, { upstream: { id: 'address:[fd00::5]:80' } }],
  ])('tells of the backend: %s', (_, changes, expected) => {
    expect(read(changes).tries).toMatchObject([expected]);
  });

  test.each([
    ['a WebSocket', { DownstreamStatus: 101, OriginStatus: 101 }, 'websocket'],
    ['an event stream', { 'downstream_Content-Type': 'text/event-stream; charset=utf-8' }, 'https'],
  ])('has no latency for %s', (_, changes, protocol) => {
    const record = read(changes);
    expect(record).toMatchObject({ protocol, durationMs: undefined, originMs: undefined });
    expect(record.tries[0]?.latencyMs).toBeUndefined();
    expect(record.endMs - record.startMs).toBeGreaterThan(12);
  });

  test.each([
    ['[2001:db8::1]:443', 'address:[2001:db8::1]', false],
    ['[::ffff:10.0.0.1]:443', 'address:10.0.0.1', true],
    ['203.0.113.9', 'address:203.0.113.9', false],
  ])('takes the caller from the connection: %s', (ClientAddr, id, isInside) => {
    expect(read({ ClientAddr }).client).toMatchObject({ id, isInside });
  });

  test.each(['', '-', '@', 'orders:80', '10.0.0.1/24', undefined])('has no caller: %s', (ClientAddr) => {
    expect(read({ ClientAddr }).client).toBeUndefined();
  });

  test('knows gRPC by its content type, and further tries', () => {
    expect(read({ 'request_Content-Type': 'application/grpc+proto', RetryAttempts: 2 })).toMatchObject({
      protocol: 'grpc',
      hiddenTries: 2,
      tries: [{ protocol: 'grpc' }],
    });
  });

  test.each([
    ['not_json', '{"ClientAddr":"10.0.0.1:1"'],
    ['not_json', 'time="2026" level=info'],
    ['no_request', '{"level":"info","msg":"Configuration loaded","time":"2026-01-31T12:00:00Z"}'],
    ['no_time', '{"RequestMethod":"GET","DownstreamStatus":200}'],
    ['no_time', '{"RequestMethod":"GET","DownstreamStatus":200,"StartUTC":"yesterday"}'],
    ['bad_number', JSON.stringify({ ...usual, DownstreamStatus: 'often' })],
    ['bad_number', JSON.stringify({ ...usual, Duration: -5 })],
    ['bad_number', JSON.stringify({ ...usual, DownstreamStatus: 2000 })],
  ])('is refused as %s', (reason, line) => {
    expect(parseText(traefikJson(), line)).toBe(reason);
  });
});
