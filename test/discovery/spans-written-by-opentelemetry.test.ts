import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { createSpanIntake } from '@netring/member/discovery/spans/index';
import { describe, expect, it } from 'vitest';
import { mapperCollector } from './mapper-collector.ts';

const program = new URL('opentelemetry-program.js', import.meta.url).pathname;
const formats = [
  ['json', 'application/json'],
  ['protobuf', 'application/x-protobuf'],
] as const;

/** What OpenTelemetry's SDK, in a process of its own, writes or reads. */
function sdk(what: 'write' | 'read', format: string, input?: Uint8Array): Buffer {
  const run = spawnSync(process.execPath, [program, what, format], { input, maxBuffer: 1 << 24 });
  expect(run.stderr.toString()).toBe('');
  return run.stdout;
}

describe.each(formats)('spans as OpenTelemetry’s SDK writes them in %s', (format, contentType) => {
  const body = sdk('write', format);

  it('become dependencies', () => {
    const collector = mapperCollector();
    const intake = createSpanIntake({ collector, lookEveryMs: 0 });
    const answer = intake.take(gzipSync(body), contentType, 'gzip');
    intake.close();

    expect(answer.status).toBe(200);
    expect(JSON.parse(sdk('read', format, answer.body).toString())).toEqual({});
    const { dependencies } = collector.mapper.generateTopologyMap();
    expect(
      dependencies
        .map((one) => `${one.source_service} → ${one.target_service} ${one.protocol}, ${one.request_count}`)
        .sort(),
    ).toEqual(['peer:orders → peer:payments http, 1', 'peer:payments → peer:mailer kafka, 1']);
    const call = dependencies.find(({ protocol }) => protocol === 'http');
    expect(call).toMatchObject({ error_count: 1, server_errors: 1 });
    expect(call?.avg_latency_ms).toBeGreaterThan(0);
    const [book] = collector.books;
    expect(book).toMatchObject({ kind: 'spans', taken: 5, rejected: {}, isClosed: true });
    const shares = collector.signalsBetween.get('peer:orders peer:payments');
    const total = (shares?.callee?.sum_ms ?? 0) + (shares?.between?.sum_ms ?? 0);
    expect(total).toBeCloseTo(call?.avg_latency_ms ?? 0, 2);
  });

  it('are told back, where they were not taken, as the SDK reads it', () => {
    const collector = mapperCollector();
    const intake = createSpanIntake({ collector, lookEveryMs: 0, limits: { requestSpans: 3 } });
    const answer = intake.take(body, contentType, undefined);
    intake.close();
    const read = JSON.parse(sdk('read', format, answer.body).toString()) as {
      partialSuccess: { rejectedSpans: number | string; errorMessage: string };
    };
    expect(Number(read.partialSuccess.rejectedSpans)).toBe(2);
    expect(read.partialSuccess.errorMessage).toBe('too_many_spans: 2');
  });
});
