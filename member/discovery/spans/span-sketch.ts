/** A span in OTLP's JSON, with what a test leaves out filled in. */
export interface SpanSketch {
  service: string;
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  id: number;
  parent?: number;
  trace?: number;
  startMs?: number;
  durationMs?: number;
  attributes?: Readonly<Record<string, string | number>>;
  resource?: Readonly<Record<string, string | number>>;
  links?: readonly { trace: number; id: number }[];
  isError?: boolean;
  traceState?: string;
  flags?: number;
}

const kindNumbers = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;
export const traceHex = (number: number) => (number + 0xa000).toString(16).padStart(32, '0');
export const spanHex = (number: number) => (number + 0xb000).toString(16).padStart(16, '0');

/** An ExportTraceServiceRequest in OTLP's JSON. */
export function requestOf(sketches: readonly SpanSketch[]): object {
  return {
    resourceSpans: sketches.map((sketch) => ({
      resource: { attributes: attributesOf({ 'service.name': sketch.service, ...sketch.resource }) },
      scopeSpans: [{ scope: { name: 'test' }, spans: [spanOf(sketch)] }],
    })),
  };
}

export function jsonBody(sketches: readonly SpanSketch[]): Buffer {
  return Buffer.from(JSON.stringify(requestOf(sketches)));
}

function spanOf(sketch: SpanSketch): object {
  const { kind, id, parent, trace = 1, startMs = 1_700_000_000_000, durationMs = 10 } = sketch;
  return {
    traceId: traceHex(trace),
    spanId: spanHex(id),
    ...(parent !== undefined && { parentSpanId: spanHex(parent) }),
    name: 'test',
    kind: kindNumbers[kind],
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(startMs + durationMs),
    attributes: attributesOf(sketch.attributes ?? {}),
    ...(sketch.isError === true && { status: { code: 2, message: 'failed' } }),
    ...(sketch.traceState !== undefined && { traceState: sketch.traceState }),
    ...(sketch.flags !== undefined && { flags: sketch.flags }),
    links: (sketch.links ?? []).map((link) => ({ traceId: traceHex(link.trace), spanId: spanHex(link.id) })),
  };
}

function nanoseconds(ms: number): string {
  return (BigInt(Math.round(ms * 1000)) * 1000n).toString();
}

function attributesOf(values: Readonly<Record<string, string | number>>): object[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) },
  }));
}
