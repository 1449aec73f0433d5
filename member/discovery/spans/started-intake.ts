import { recordingCollector } from './recording-collector.ts';
import { jsonBody, type SpanSketch } from './span-sketch.ts';
import type { Here } from './here.ts';
import { createSpanIntake, type SpanLimits } from './intake.ts';

export const startMs = 1_700_000_000_000;
const here: Here = {
  hostNames: ['web1'],
  containerOf: (name) => (name.startsWith('abcdef012345') ? 'abcdef0123456789' : undefined),
  executableOf: (pid) => (pid === 4242 ? 'node' : undefined),
};
export const onHost = { 'host.name': 'web1' };

/** An intake on a clock that stands still, and what it handed in. */
export function started(limits: Partial<SpanLimits> = {}) {
  const recording = recordingCollector();
  const clock = { ms: 0 };
  const intake = createSpanIntake({
    collector: recording.collector,
    here,
    now: () => clock.ms,
    wallNow: () => startMs + 5000,
    limits,
    lookEveryMs: 0,
  });
  const send = (...sketches: SpanSketch[]) => intake.take(jsonBody(sketches), 'application/json', undefined);
  const after = (ms: number) => {
    clock.ms += ms;
    intake.look();
  };
  return { ...recording, recording, intake, send, after };
}

/** A request over HTTP, as `orders` on this host saw it. */
export const call: SpanSketch = {
  service: 'orders',
  kind: 'client',
  id: 1,
  durationMs: 50,
  resource: onHost,
  attributes: {
    'http.request.method': 'GET',
    'http.response.status_code': 200,
    'url.full': 'http://user:secret@payments:8080/pay?card=4111',
    'server.address': 'payments',
    'server.port': 8080,
    'network.peer.address': '10.0.0.7',
    'network.peer.port': 8080,
  },
};
/** The same, as `payments` saw it. */
export const answer: SpanSketch = {
  service: 'payments',
  kind: 'server',
  id: 2,
  parent: 1,
  durationMs: 30,
  attributes: { 'http.request.method': 'GET', 'http.route': '/pay', 'network.peer.address': '10.0.0.5' },
};
