import type { TrafficState } from '@netring/contract/traffic';
import { listen } from '@netring/service/listen';
import { createLogger } from '@netring/service/log';
import type { TrafficBucket } from '@netring/topology';
import { createCollecting, type Collecting } from '../collecting.ts';
import { systemClocks } from '../wall-clock.ts';
import { createIntakeApp } from './app.ts';

/** An intake that listens, and what it hands to a collector. */
export interface ServedIntake {
  collecting: Collecting;
  url(path?: string): string;
  post(body: string | Buffer, headers?: Record<string, string>): Promise<Response>;
  answerTo(body: unknown): Promise<{ status: number; body: unknown }>;
  /** All dependencies that the next reports tell of, with the ids of their ends. */
  told(): Record<string, unknown>[];
  requestsTold(): number;
  /** What the intake's book says of refused ones. */
  rejected(): Record<string, number>;
  stop(): Promise<void>;
}

/** Serves an intake for tests, whose span reader answers what it was given. */
export async function serveIntake(
  options: { tokens?: readonly string[]; rate?: { perSecond: number; burst: number } } = {},
): Promise<ServedIntake> {
  const { tokens = [], rate } = options;
  const collecting = createCollecting({
    clocks: systemClocks,
    reporter: 'm1/boot',
    keepMs: 600_000,
    names: [],
    onNews: () => undefined,
    onStep: () => undefined,
  });
  const app = createIntakeApp({
    collector: collecting,
    book: collecting.source('observations', 'test'),
    spans: {
      bodyBytes: 100,
      take: (body, type, encoding) => ({
        status: 200,
        contentType: 'application/json',
        body: Buffer.from(JSON.stringify([body.length, type, encoding])),
      }),
    },
    tokens,
    now: () => 0,
    log: createLogger('member', 'error'),
    ...(rate !== undefined && { rate }),
  });
  const listening = await listen(app, { host: '127.0.0.1', port: 0, maxConnections: 16 });
  const url = (path = '/observations') => `http://127.0.0.1:${listening.port}${path}`;
  const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(url(), { method: 'POST', body, headers });
  const told = () =>
    (collecting.toTell().part.traffic ?? []).flatMap((state: TrafficState) => {
      const { services, dependencies } = state.bucket as TrafficBucket;
      return dependencies.map(({ source, target, ...rest }) => ({
        ...rest,
        from: services[source]?.id,
        to: services[target]?.id,
      }));
    });
  return {
    collecting,
    url,
    post,
    async answerTo(body) {
      const answer = await post(JSON.stringify(body));
      return { status: answer.status, body: await answer.json() };
    },
    told,
    requestsTold: () => told().reduce((sum, { requests }) => sum + requests, 0),
    rejected: () => collecting.figures().sources[0]?.rejected ?? {},
    stop: () => listening.close(0),
  };
}

/** An observation as people send it. */
export function observation(more: object = {}): object {
  return {
    timestamp_ms: Date.now(),
    source: { host: '10.0.0.1', port: 54_321 },
    destination: { host: '10.0.0.2', port: 8080 },
    protocol: 'http',
    ...more,
  };
}
