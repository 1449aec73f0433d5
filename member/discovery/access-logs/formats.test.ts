import { describe, expect, test } from 'vitest';
import { caddy } from './caddy.ts';
import { envoy } from './envoy.ts';
import { nginxCombined } from './nginx-combined.ts';
import { nginxFormat } from './nginx-format.ts';
import { nginxJson } from './nginx-json.ts';
import { parseText, recordIn } from './parse-text.ts';
import { traefikClf } from './traefik-clf.ts';

const at = Date.parse('2026-01-31T12:00:00Z');
const common = '10.0.0.9 - alice [31/Jan/2026:13:00:00 +0100] "GET /users?id=1 HTTP/1.1" 200 512';

describe('a Traefik line in the common form', () => {
  const line = `${common} "-" "Mozilla \\"5\\"" 42 "users@docker" "http://172.18.0.5:8080" 17ms`;
  test('counts both sides and times the proxy', () => {
    expect(recordIn(traefikClf(), line)).toMatchObject({
      startMs: at,
      endMs: at + 17,
      client: { id: 'address:10.0.0.9' },
      method: 'GET',
      path: '/users',
      status: 200,
      responseBytes: 512,
      durationMs: 17,
      requestCount: 42,
      tries: [{ upstream: { id: 'address:172.18.0.5:8080' }, status: 200, latencyMs: undefined }],
    });
  });
  test.each([
    ['no router', line.replace('"users@docker" "http://172.18.0.5:8080"', '"-" "-"'), { tries: [] }],
    ['genericCLF', `${common} "-" "curl"`, { tries: [], durationMs: undefined, requestCount: undefined }],
    ['a list of who asked', line.replace('10.0.0.9', '1.2.3.4, 10.0.0.9'), { client: undefined }],
    ['a WebSocket', line.replace(' 200 ', ' 101 '), { protocol: 'websocket', durationMs: undefined }],
    ['IPv6', line.replace('10.0.0.9', 'fd00::9'), { client: { id: 'address:[fd00::9]' } }],
  ])('%s', (_, text, expected) => {
    expect(recordIn(traefikClf(), text)).toMatchObject(expected);
  });
  test.each([
    ['bad_line', line.slice(0, -4)],
    ['bad_line', `${common} "-" "never ends`],
    ['bad_line', 'no line at all'],
    ['no_time', line.replace('Jan', 'Foo')],
    ['bad_number', line.replace(' 200 ', ' 2x0 ')],
  ])('is refused as %s', (reason, text) => {
    expect(parseText(traefikClf(), text)).toBe(reason);
  });
});

describe('a line of nginx', () => {
  test('in the combined form tells who asked', () => {
    expect(recordIn(nginxCombined(), `${common} "-" "curl/8"`)).toMatchObject({
      startMs: at,
      endMs: at,
      client: { id: 'address:10.0.0.9' },
      path: '/users',
      durationMs: undefined,
      tries: [],
    });
  });
  test('that is no HTTP keeps its status', () => {
    const line = '10.0.0.9 - - [31/Jan/2026:13:00:00 +0100] "\\x16\\x03\\x01" 400 157 "-" "-"';
    expect(recordIn(nginxCombined(), line)).toMatchObject({
      status: 400,
      method: undefined,
      path: undefined,
    });
  });

  const json = {
    ...{ time_iso8601: '2026-01-31T12:00:00+00:00', msec: '1769860800.250', remote_addr: '10.0.0.9' },
    ...{ server_addr: '10.0.0.1', server_port: '443', scheme: 'https', request_method: 'GET', uri: '/users' },
    ...{ status: '200', body_bytes_sent: '512', request_length: '99', request_time: '0.250' },
    upstream_addr: '10.0.0.2:80, 10.0.0.3:80 : 10.0.0.4:80',
    upstream_status: '502, 500 : 200',
    upstream_connect_time: '-, 0.002 : 0.003',
    upstream_header_time: '-, 0.050 : 0.100',
    upstream_response_time: '0.010, 0.052 : 0.110',
    upstream_bytes_received: '0, 10 : 600',
  };
  test('in JSON tells of each try', () => {
    const record = recordIn(nginxJson(), JSON.stringify(json));
    expect(record).toMatchObject({
      startMs: at,
      endMs: at + 250,
      server: { id: 'address:10.0.0.1:443' },
      protocol: 'https',
      requestBytes: 99,
      durationMs: 250,
      originMs: 172,
    });
    expect(
      record.tries.map((one) => [one.upstream.id, one.status, one.failed, one.latencyMs, one.connectMs]),
    ).toEqual([
      ['address:10.0.0.2:80', 0, true, undefined, undefined],
      ['address:10.0.0.3:80', 500, false, 52, 2],
      ['address:10.0.0.4:80', 200, false, 110, 3],
    ]);
  });
  test.each([
    ['no upstream', { upstream_addr: '-', upstream_status: '-' }, []],
    ['a group without a living server', { upstream_addr: 'backend', upstream_status: '502' }, []],
    ['a UNIX socket', { upstream_addr: 'unix:/run/app.sock', upstream_status: '200' }, []],
    ['numbers', { upstream_addr: '[fd00::2]:80', upstream_status: 200 }, ['address:[fd00::2]:80']],
  ])('in JSON: %s', (_, changes, ids) => {
    const record = recordIn(nginxJson(), JSON.stringify({ ...json, ...changes }));
    expect(record.tries.map((one) => one.upstream.id)).toEqual(ids);
  });

  test('in a form of its own is read by that form', () => {
    const parse = nginxFormat(
      `log_format timed '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
        '"$http_referer" rt=$request_time uct="$upstream_connect_time" us=$upstream_addr';`,
    );
    const line = `${common} "-" rt=0.120 uct="0.004" us=10.0.0.2:80`;
    expect(recordIn(parse, line)).toMatchObject({
      endMs: at,
      startMs: at - 120,
      path: '/users',
      durationMs: 120,
      tries: [{ upstream: { id: 'address:10.0.0.2:80' }, connectMs: 4 }],
    });
    expect(parseText(parse, `${common} "-"`)).toBe('bad_line');
  });
  test.each([['$remote_addr$status'], ['$remote_addr - $request']])('cannot be read by %s', (format) => {
    expect(() => nginxFormat(format)).toThrow(/^log_format: /);
  });
});

describe('a line of Envoy', () => {
  const plain =
    '[2026-01-31T12:00:00.000Z] "GET /users?id=1 HTTP/1.1" 200 - 10 512 17 15 "1.2.3.4" "curl" "id-1" "users" "10.0.0.2:80"';
  test('in its default text tells only of the upstream', () => {
    expect(recordIn(envoy(), plain)).toMatchObject({
      startMs: at,
      endMs: at + 17,
      client: undefined,
      path: '/users',
      tries: [{ upstream: { id: 'address:10.0.0.2:80' }, latencyMs: 15 }],
    });
  });
  const sidecar = {
    ...{ start_time: '2026-01-31T12:00:00.000Z', method: 'GET', path: '/users', protocol: 'HTTP/1.1' },
    ...{ response_code: 200, response_flags: '-', bytes_received: '10', bytes_sent: 512, duration: 17 },
    ...{ upstream_service_time: '15', request_id: 'id-1', upstream_host: '10.244.1.5:9080' },
    upstream_cluster: 'outbound|9080|v1|users.default.svc.cluster.local',
    upstream_local_address: '10.244.2.7:40000',
    downstream_local_address: '10.96.0.9:9080',
    downstream_remote_address: '10.244.2.7:33000',
  };
  const inbound = {
    ...sidecar,
    upstream_host: '127.0.0.6:9080',
    upstream_cluster: 'inbound|9080||',
    upstream_local_address: '127.0.0.6:50000',
    downstream_local_address: '10.244.1.5:9080',
  };
  test('from a sidecar is a call of its application', () => {
    expect(recordIn(envoy(), JSON.stringify(sidecar))).toMatchObject({
      isDirect: true,
      client: { id: 'address:10.244.2.7' },
      tries: [{ upstream: { id: 'address:10.244.1.5:9080' }, latencyMs: 15 }],
    });
  });
  test('from both sidecars is counted once for each request', () => {
    const parse = envoy();
    const seen = [sidecar, inbound, inbound, sidecar].map((one) => parseText(parse, JSON.stringify(one)));
    expect(seen.map((one) => (typeof one === 'string' ? one : 'taken'))).toEqual([
      'taken',
      'duplicate',
      'taken',
      'duplicate',
    ]);
  });
  test('in the text of Istio is the same', () => {
    const line =
      '[2026-01-31T12:00:00.000Z] "GET /users HTTP/1.1" 503 UF upstream_reset - "connect error" 10 0 17 - "-" "curl" "id-9" "users" ' +
      '"10.244.1.5:9080" outbound|9080||users.default.svc.cluster.local 10.244.2.7:40000 10.96.0.9:9080 10.244.2.7:33000 - default';
    expect(recordIn(envoy(), line)).toMatchObject({
      isDirect: true,
      status: 503,
      client: { id: 'address:10.244.2.7' },
      tries: [{ upstream: { id: 'address:10.244.1.5:9080' }, failed: true, status: 0, latencyMs: undefined }],
    });
  });
  test('from a gateway keeps the gateway between', () => {
    const gateway = { ...sidecar, downstream_remote_address: '203.0.113.5:33000' };
    expect(recordIn(envoy(), JSON.stringify(gateway))).toMatchObject({
      isDirect: false,
      server: { id: 'address:10.96.0.9:9080' },
      client: { id: 'address:203.0.113.5', isInside: false },
    });
  });
  test.each([
    ['nobody was asked', { response_flags: 'UH', upstream_host: null, response_code: 503 }, { tries: [] }],
    ['the client went away', { response_flags: 'DC', response_code: 0 }, { status: 499 }],
  ])('%s', (_, changes, expected) => {
    const line = { ...sidecar, upstream_cluster: 'users', ...changes };
    expect(recordIn(envoy(), JSON.stringify(line))).toMatchObject(expected);
  });
});

describe('a line of Caddy', () => {
  const line = {
    ...{ level: 'info', ts: 1769860800.25, logger: 'http.log.access.log0', msg: 'handled request' },
    request: {
      ...{ remote_ip: '10.0.0.9', remote_port: '40000', client_ip: '1.2.3.4', proto: 'HTTP/2.0' },
      ...{
        method: 'GET',
        host: 'x',
        uri: '/users?id=1',
        headers: { 'User-Agent': ['}"]'] },
        tls: { version: 772 },
      },
    },
    ...{ bytes_read: 3, duration: 0.25, size: 512, status: 200 },
  };
  test.each([
    ['seconds', {}],
    ['texts', { ts: '2026-01-31T12:00:00.250Z', duration: '250ms' }],
  ])('tells who asked, with times as %s', (_, changes) => {
    expect(recordIn(caddy(), JSON.stringify({ ...line, ...changes }))).toMatchObject({
      startMs: at,
      endMs: at + 250,
      client: { id: 'address:10.0.0.9' },
      protocol: 'https',
      path: '/users',
      durationMs: 250,
      requestBytes: 3,
      responseBytes: 512,
    });
  });
  test('that is no request is refused', () => {
    expect(parseText(caddy(), '{"level":"info","ts":1,"msg":"serving"}')).toBe('no_request');
  });
});
