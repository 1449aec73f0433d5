import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { jsonBody, requestOf, type SpanSketch } from './span-sketch.ts';
import { answer, call, started } from './started-intake.ts';

const waitingSpans = 200;

/** Takes a body, checks that it was answered properly and that whatever was refused has its reason. */
function survives(body: Uint8Array, type: string, encoding?: string): void {
  const { intake, recording, after } = started({ waitingSpans });
  const found = intake.take(body, type, encoding);
  expect([200, 400, 413]).toContain(found.status);
  if (found.status !== 200) expect([...recording.rejected.values()]).toEqual([1]);
  after(60_000);
  const refused = [...recording.rejected.values()].reduce((sum, count) => sum + count, 0);
  if (found.status === 200 && found.contentType === 'application/json') {
    const told = JSON.parse(Buffer.from(found.body).toString()) as {
      partialSuccess?: { rejectedSpans: string };
    };
    const duplicates = recording.rejected.get('duplicate') ?? 0;
    expect(Number(told.partialSuccess?.rejectedSpans ?? 0)).toBe(refused - duplicates);
  }
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  intake.close();
}

const nasty = fc.oneof(
  fc.anything({ maxDepth: 3, withNullPrototype: false }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '\u0000',
    '𝕏'.repeat(3000),
    '-1',
    '1e400',
    '99999999999999999999',
  ),
);
/** The names that are read, and names that reach for prototypes, with anything under them. */
const nastyObject = fc.dictionary(
  fc.constantFrom(
    ...['traceId', 'spanId', 'parentSpanId', 'kind', 'startTimeUnixNano', 'endTimeUnixNano', 'attributes'],
    ...['links', 'status', 'flags', 'traceState', 'resource', 'key', 'value', 'stringValue', 'intValue'],
    ...['__proto__', 'constructor', 'toString', 'scopeSpans', 'spans'],
  ),
  nasty,
);

describe('hostile bodies', () => {
  it('of JSON: anything where spans, attributes and lists belong', () => {
    const span = fc.oneof(
      nasty,
      nastyObject,
      nastyObject.map((object) => ({ ...spanOf(call), ...object })),
    );
    const body = fc.record({
      resourceSpans: fc.oneof(
        { weight: 1, arbitrary: nasty },
        {
          weight: 9,
          arbitrary: fc.array(
            fc.record({
              resource: fc.oneof(
                fc.constant({ attributes: [{ key: 'service.name', value: { stringValue: 'orders' } }] }),
                fc.record({ attributes: fc.oneof(nasty, fc.array(nastyObject, { maxLength: 3 })) }),
              ),
              scopeSpans: fc.array(fc.record({ spans: fc.oneof(nasty, fc.array(span, { maxLength: 4 })) }), {
                maxLength: 2,
              }),
            }),
            { maxLength: 3 },
          ),
        },
      ),
    });
    fc.assert(
      fc.property(body, (value) => survives(Buffer.from(textOf(value)), 'application/json')),
      { numRuns: 500 },
    );
  });

  it('of JSON: cut off, nested deeply, with prototypes in their keys, with bytes that are no text', () => {
    const whole = jsonBody([call, answer]);
    for (let length = 0; length < whole.length; length += 7)
      survives(whole.subarray(0, length), 'application/json');
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    survives(Buffer.from(`{"resourceSpans":${deep}}`), 'application/json');
    const value = '{"arrayValue":{"values":['.repeat(20_000) + ']}}'.repeat(20_000);
    const attributes = `{"attributes":[{"key":"service.name","value":${value}}]}`;
    survives(
      Buffer.from(`{"resourceSpans":[{"resource":${attributes},"scopeSpans":[]}]}`),
      'application/json',
    );
    survives(
      Buffer.from('{"__proto__":{"polluted":1},"resourceSpans":[{"__proto__":{"polluted":1}}]}'),
      'application/json',
    );
    survives(Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'application/json');
  });

  it('of protobuf: any bytes, and a real body with bytes changed, cut off or put in', () => {
    const real = protobufBody();
    survives(real, 'application/x-protobuf');
    const changed = fc
      .array(fc.tuple(fc.nat({ max: real.length - 1 }), fc.nat({ max: 255 })), { maxLength: 6 })
      .map((changes) => {
        const body = Buffer.from(real);
        for (const [at, value] of changes) body[at] = value;
        return body;
      });
    const cut = fc.nat({ max: real.length }).map((length) => real.subarray(0, length));
    const any = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(changed, cut, any), (body) => survives(body, 'application/x-protobuf')),
      { numRuns: 2000 },
    );
  });

  it('of protobuf: groups within groups, lengths beyond the end, numbers without an end', () => {
    const bodies = [
      Buffer.alloc(100_000, 0x0b),
      Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]),
      Buffer.alloc(1000, 0xff),
      Buffer.from([0x0a, 0x04, 0x12, 0x7f, 0x12, 0x00]),
      // A message that ends in the middle of a field of its own.
      Buffer.from([0x0a, 0x03, 0x12, 0x05, 0x12, 0x00, 0x00, 0x00]),
    ];
    for (const body of bodies) {
      const { intake, recording } = started();
      expect(intake.take(body, 'application/x-protobuf', undefined).status).toBe(400);
      expect([...recording.rejected]).toEqual([['not_protobuf', 1]]);
    }
  });

  it('packed: any bytes', () => {
    const packed = gzipSync(jsonBody([call, answer]));
    const changed = fc.tuple(fc.nat({ max: packed.length - 1 }), fc.nat({ max: 255 })).map(([at, value]) => {
      const body = Buffer.from(packed);
      body[at] = value;
      return body;
    });
    fc.assert(
      fc.property(changed, (body) => survives(body, 'application/json', 'gzip')),
      { numRuns: 200 },
    );
  });
});

it('a flood of spans that never meet keeps to its bound', () => {
  const { intake, recording } = started({ waitingSpans });
  for (let round = 0; round < 40; round++) {
    const spans: SpanSketch[] = Array.from({ length: 50 }, (_, at) => ({
      ...(at % 2 === 0 ? call : answer),
      service: `s${round}-${at}`,
      trace: round * 100 + at,
    }));
    intake.take(jsonBody(spans), 'application/json', undefined);
  }
  intake.look();
  // 2,000 spans, of which the callees wait twice over: by their own id and for their parent.
  expect(recording.losses.join()).toMatch(/2[0-9]{3} spans gave way early: more than 200/);
});

function spanOf(sketch: SpanSketch): object {
  const request = requestOf([sketch]) as { resourceSpans: { scopeSpans: { spans: object[] }[] }[] };
  return request.resourceSpans[0]?.scopeSpans[0]?.spans[0] ?? {};
}

/** As JSON would come over the wire; values that JSON cannot hold become null. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? Number(one) : one)) ?? 'null';
}

/** A client's span of `orders`, as protobuf writes it. */
function protobufBody(): Buffer {
  const field = (number: number, bytes: Buffer) =>
    Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
  const attribute = (key: string, value: string) =>
    Buffer.concat([field(1, Buffer.from(key)), field(2, field(1, Buffer.from(value)))]);
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE(1_700_000_000_000_000_000n);
  const span = Buffer.concat([
    field(1, Buffer.alloc(16, 0xab)),
    field(2, Buffer.alloc(8, 0xcd)),
    field(4, Buffer.alloc(8, 0xef)),
    Buffer.from([0x30, 0x03, 0x39]),
    time,
    Buffer.from([0x41]),
    time,
    field(9, attribute('server.address', 'payments')),
  ]);
  const resource = field(1, attribute('service.name', 'orders'));
  return field(1, Buffer.concat([field(1, resource), field(2, field(2, span))]));
}
