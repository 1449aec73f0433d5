/**
 * A program of its own with OpenTelemetry's SDK in it: under the test runner's resolver the SDK does not load.
 *   write json|protobuf   writes the spans of one traced request to standard output
 *   read json|protobuf    reads an answer from standard input, writes what the SDK understands of it as JSON
 */
import api from '@opentelemetry/api';
import transformer from '@opentelemetry/otlp-transformer';
import resources from '@opentelemetry/resources';
import sdk from '@opentelemetry/sdk-trace';
import { readFileSync } from 'node:fs';

const { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = api;

function instrumented(name) {
  const exporter = new sdk.InMemorySpanExporter();
  const provider = new sdk.TracerProvider({
    resource: resources.resourceFromAttributes({
      'service.name': name,
      'process.pid': 12,
      'host.name': 'elsewhere',
    }),
    spanProcessors: [new sdk.SimpleSpanProcessor({ exporter })],
  });
  return { tracer: provider.getTracer('test'), spans: () => exporter.getFinishedSpans() };
}

const callAttributes = {
  'http.request.method': 'GET',
  'server.address': 'payments.internal',
  'server.port': 8080,
  'network.peer.address': '10.9.8.7',
  'network.peer.port': 8080,
  'http.response.status_code': 503,
  double: 1.5,
  flag: true,
  list: ['a', 'b'],
};
const messaging = { 'messaging.system': 'kafka', 'messaging.destination.name': 'mails' };

/** `orders` calls `payments`, which fails and sends a message that `mailer` reads in a trace of its own. */
function tracedRequest() {
  const [orders, payments, mailer] = ['orders', 'payments', 'mailer'].map(instrumented);
  const root = orders.tracer.startSpan('GET /', { kind: SpanKind.SERVER }, ROOT_CONTEXT);
  const inRoot = trace.setSpan(ROOT_CONTEXT, root);
  const call = orders.tracer.startSpan('GET', { kind: SpanKind.CLIENT, attributes: callAttributes }, inRoot);
  const atCallee = trace.setSpanContext(ROOT_CONTEXT, { ...call.spanContext(), isRemote: true });
  const answered = { 'http.route': '/pay', 'http.response.status_code': 503 };
  const options = { kind: SpanKind.SERVER, attributes: answered };
  const answer = payments.tracer.startSpan('GET /pay', options, atCallee);
  answer.addEvent('something', { text: 'x'.repeat(5000) });
  answer.setStatus({ code: SpanStatusCode.ERROR, message: 'no money' });
  const inAnswer = trace.setSpan(atCallee, answer);
  const sent = payments.tracer.startSpan(
    'send',
    { kind: SpanKind.PRODUCER, attributes: messaging },
    inAnswer,
  );
  const links = [{ context: sent.spanContext() }];
  const reading = { kind: SpanKind.CONSUMER, attributes: messaging, links };
  const read = mailer.tracer.startSpan('process', reading, ROOT_CONTEXT);
  for (const span of [read, sent, answer, call, root]) span.end();
  return [...orders.spans(), ...payments.spans(), ...mailer.spans()];
}

const [what, format] = process.argv.slice(2);
const { JsonTraceSerializer, ProtobufTraceSerializer } = transformer;
const serializer = format === 'json' ? JsonTraceSerializer : ProtobufTraceSerializer;
process.stdout.write(
  what === 'write'
    ? serializer.serializeRequest(tracedRequest())
    : JSON.stringify(serializer.deserializeResponse(new Uint8Array(readFileSync(0)))),
);
