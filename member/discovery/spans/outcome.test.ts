import { describe, expect, it } from 'vitest';
import type { SpanSketch } from './span-sketch.ts';
import { answer, call, started } from './started-intake.ts';

describe('what became of a request', () => {
  const outcome = (sketch: Partial<SpanSketch>, ...others: SpanSketch[]) => {
    const { send, after, observations } = started();
    send({ ...call, ...sketch }, ...others);
    after(60_000);
    const { status_code, failed } = observations[0] ?? {};
    return { status_code, failed };
  };
  const http = { 'http.request.method': 'GET', 'server.address': 'payments', 'server.port': 80 };

  it.each<[string, Partial<SpanSketch>, SpanSketch[], object]>([
    [
      'a status wins over the error',
      { isError: true, attributes: { ...http, 'http.response.status_code': 404 } },
      [],
      { status_code: 404, failed: false },
    ],
    [
      'an error without an answer',
      { isError: true, attributes: { ...http, 'error.type': 'ECONNREFUSED' } },
      [],
      { status_code: undefined, failed: true },
    ],
    [
      'the callee’s status where the caller is silent',
      { attributes: http },
      [{ ...answer, isError: true }],
      { status_code: 500, failed: false },
    ],
    [
      'an error of a database is its answer',
      { isError: true, attributes: { 'db.system': 'mysql', 'server.address': 'db' } },
      [],
      { status_code: 500, failed: false },
    ],
    [
      'a connection that failed to a database',
      {
        isError: true,
        attributes: { 'db.system': 'mysql', 'server.address': 'db', 'error.type': 'ETIMEDOUT' },
      },
      [],
      { status_code: undefined, failed: true },
    ],
    [
      'a code of gRPC',
      {
        isError: true,
        attributes: { 'rpc.system': 'grpc', 'server.address': 'a', 'rpc.grpc.status_code': 14 },
      },
      [],
      { status_code: 503, failed: false },
    ],
    [
      'a name of gRPC',
      {
        attributes: {
          'rpc.system.name': 'grpc',
          'server.address': 'a',
          'rpc.response.status_code': 'NOT_FOUND',
        },
      },
      [],
      { status_code: 404, failed: false },
    ],
    ['nothing said', { attributes: http }, [], { status_code: undefined, failed: false }],
  ])('%s', (_, sketch, others, expected) => {
    expect(outcome(sketch, ...others)).toEqual(expected);
  });
});
