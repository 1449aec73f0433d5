import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { jsonBody, requestOf } from './span-sketch.ts';
import { answer, call, onHost, started } from './started-intake.ts';

describe('senders', () => {
  it('of this host are told to the inventory, with what makes them one with what sockets show', () => {
    const { send, services } = started();
    send(
      { ...call, resource: { ...onHost, 'process.pid': 4242, 'process.executable.name': '/usr/bin/node' } },
      {
        ...call,
        id: 20,
        service: 'boxed',
        resource: { 'host.name': 'abcdef012345', 'process.pid': 1, 'process.executable.name': 'node' },
      },
      {
        ...call,
        id: 21,
        service: 'far',
        resource: { 'host.name': 'web2', 'process.pid': 4242, 'process.executable.name': 'node' },
      },
      {
        ...call,
        id: 22,
        service: 'other-pid',
        resource: { ...onHost, 'process.pid': 7, 'process.executable.name': 'java' },
      },
    );
    expect(services.get('spans')).toEqual([
      expect.objectContaining({
        name: 'boxed',
        name_rule: 'otel',
        start_mode: 'docker',
        container_id: 'abcdef0123456789',
        aliases: ['boxed'],
      }),
      expect.objectContaining({ name: 'orders', pid: 4242, start_mode: 'native' }),
      expect.not.objectContaining({ pid: 7 }),
    ]);
  });

  it('without a name are refused, since everybody’s name is nobody’s', () => {
    const { send, rejected } = started();
    const { body } = send({ ...call, service: 'unknown_service:node' }, { ...call, service: '' }, answer);
    expect(JSON.parse(Buffer.from(body).toString())).toEqual({
      partialSuccess: { rejectedSpans: '2', errorMessage: 'no_service_name: 2' },
    });
    expect(rejected.get('no_service_name')).toBe(2);
  });
});

describe('answers', () => {
  const text = (body: Uint8Array) => Buffer.from(body).toString();

  it('say nothing when all is well, in the format of the question', () => {
    const { send, intake } = started();
    expect(text(send(call).body)).toBe('{}');
    expect(intake.take(Buffer.alloc(0), 'application/x-protobuf', undefined)).toEqual({
      status: 200,
      contentType: 'application/x-protobuf',
      body: Buffer.alloc(0),
    });
  });

  it.each<[string, Buffer, string | undefined, string | undefined, number, string]>([
    ['no content type', jsonBody([call]), undefined, undefined, 415, 'bad_content_type'],
    ['another one', jsonBody([call]), 'text/plain', undefined, 415, 'bad_content_type'],
    ['another encoding', jsonBody([call]), 'application/json', 'br', 415, 'bad_content_encoding'],
    ['no JSON', Buffer.from('{"resourceSpans":['), 'application/json', undefined, 400, 'not_json'],
    [
      'no list',
      Buffer.from('{"resourceSpans":{}}'),
      'application/json; charset=utf-8',
      undefined,
      400,
      'not_json',
    ],
    ['no protobuf', Buffer.from([0x0a, 0x7f]), 'application/x-protobuf', undefined, 400, 'not_protobuf'],
    ['no gzip', jsonBody([call]), 'application/json', 'gzip', 400, 'not_gzip'],
    ['a bomb', gzipSync(Buffer.alloc(64 << 20)), 'application/json', 'gzip', 413, 'too_large'],
    ['too large', Buffer.alloc((8 << 20) + 1), 'application/json', undefined, 413, 'too_large'],
  ])('refuse %s', (_, body, type, encoding, status, reason) => {
    const { intake, rejected } = started();
    const found = intake.take(body, type, encoding);
    expect(found.status).toBe(status);
    expect(rejected).toEqual(new Map([[reason, 1]]));
    if (found.contentType === 'application/json')
      expect(JSON.parse(text(found.body))).toEqual({ code: 3, message: expect.any(String) as string });
  });

  it('refuse single spans and take the others', () => {
    const { intake, recording } = started();
    const request = requestOf([call, { ...call, id: 2 }]) as {
      resourceSpans: { scopeSpans: { spans: object[] }[] }[];
    };
    const spans = request.resourceSpans[0]?.scopeSpans[0]?.spans as Record<string, unknown>[];
    const good = spans[0] as Record<string, unknown>;
    spans.push(
      { ...good, traceId: '0'.repeat(32) },
      { ...good, spanId: 'xyz' },
      { ...good, parentSpanId: '1' },
      { ...good, startTimeUnixNano: 'soon' },
      { ...good, kind: 9 },
      'span' as never,
    );
    const found = intake.take(gzipSync(JSON.stringify(request)), 'application/json', 'gzip');
    expect(JSON.parse(text(found.body))).toMatchObject({ partialSuccess: { rejectedSpans: '6' } });
    expect(recording.taken).toBe(2);
    expect(Object.fromEntries(recording.rejected)).toEqual({
      bad_trace_id: 1,
      bad_span_id: 1,
      bad_parent_id: 1,
      bad_time: 1,
      bad_kind: 1,
      bad_span: 1,
    });
  });

  it('take only so many spans of one request', () => {
    const { send, rejected } = started({ requestSpans: 1 });
    expect(text(send(call, answer).body)).toContain('"rejectedSpans":"1"');
    expect(rejected.get('too_many_spans')).toBe(1);
  });
});

it('closing tells what still waits', () => {
  const { send, intake, recording } = started();
  send(call);
  intake.close();
  expect(recording.edges()).toHaveLength(1);
  expect(recording.states).toEqual(['ok', 'closed']);
});
