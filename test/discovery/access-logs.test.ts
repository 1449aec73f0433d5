import { appendFile, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Collector } from '@netring/member/discovery/collector';
import {
  startAccessLogs,
  type AccessLogs,
  type AccessLogSource,
} from '@netring/member/discovery/access-logs/index';
import { createLogger } from '@netring/service/log';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lineMaker } from '../bench/logs/lines.ts';
import { mapperCollector, type MapperCollector } from './mapper-collector.ts';

const log = createLogger('member', 'error');
let folder: string;
let path: string;
let collector: MapperCollector;
let logs: AccessLogs | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netring-access-'));
  path = join(folder, 'access.log');
  collector = mapperCollector();
});
afterEach(async () => {
  await logs?.stop();
  logs = undefined;
  await rm(folder, { recursive: true, force: true });
});

function read(source: Partial<AccessLogSource> = {}, changes: Partial<Collector> = {}): void {
  logs = startAccessLogs({
    collector: { ...collector, ...changes },
    sources: [{ path, ...source }],
    log,
    from: 'start',
    pollMs: 5,
  });
}
const line = {
  ...{ StartUTC: '2026-01-31T12:00:00Z', Duration: 12_000_000, OriginDuration: 10_000_000 },
  ...{ ClientAddr: '203.0.113.9:40000', RequestMethod: 'GET', RequestPath: '/users', RequestScheme: 'https' },
  ...{ DownstreamStatus: 200, OriginStatus: 200, ServiceURL: 'http://172.18.0.5:8080', RequestCount: 1 },
};
const lineOf = (changes: object = {}): string => `${JSON.stringify({ ...line, ...changes })}\n`;
const taken = (count: number) => expect.poll(() => collector.books[0]?.taken).toBe(count);
const dependencies = (): string[] =>
  collector.mapper
    .generateTopologyMap()
    .dependencies.map(
      (one) => `${one.source_service} > ${one.target_service} ${one.protocol} ${one.request_count}`,
    )
    .sort();

describe('a line of an access log', () => {
  test('is two hops, the shares of the first, and an entry into the network', async () => {
    const requests: unknown[] = [];
    await writeFile(path, lineOf());
    read({ service: 'edge' }, { skipsRequest: () => false, request: (one) => requests.push(one) });
    await taken(1);
    expect(dependencies()).toEqual([
      'address:203.0.113.9 > service:edge https 1',
      'service:edge > address:172.18.0.5:8080 http 1',
    ]);
    expect(collector.signalsBetween.get('address:203.0.113.9 service:edge')).toEqual({
      proxy: { sum_ms: 2, count: 1 },
      origin: { sum_ms: 10, count: 1 },
    });
    const at = { at_ms: Date.parse(line.StartUTC), method: 'GET', path: '/users', status: 200 };
    expect(requests).toMatchObject([
      { ...at, source: 'address:203.0.113.9', target: 'service:edge', duration_ms: 12, ingress: true },
      { ...at, source: 'service:edge', target: 'address:172.18.0.5:8080', duration_ms: 10, ingress: false },
    ]);
  });

  test('counts as many as were sampled, in the network that the source names', async () => {
    await writeFile(path, lineOf());
    read({ service: 'edge', sampled: 10, network: 'shop' });
    await taken(1);
    expect(dependencies()).toEqual([
      'address:shop/203.0.113.9 > service:edge https 10',
      'service:edge > address:shop/172.18.0.5:8080 http 10',
    ]);
    expect(collector.books[0]?.losses).toEqual([
      'The log holds one request in 10; each line counts as that many.',
    ]);
  });
});

describe('who wrote a log', () => {
  test('is the service of the process that has it open', async () => {
    const handle = await open(path, 'a');
    read({}, { serviceOfPid: (pid) => (pid === process.pid ? 'gateway' : undefined) });
    // Lines that come before the process is found belong to what its program is called.
    await expect
      .poll(async () => {
        await handle.write(lineOf());
        return dependencies().join();
      })
      .toMatch(/service:gateway > address:172.18.0.5:8080/);
    await handle.close();
  });

  test('is the service that listens where people said, else that place', async () => {
    await writeFile(path, lineOf());
    read({ listen: '10.0.0.5:443' });
    await taken(1);
    expect(dependencies()).toContain('address:203.0.113.9 > address:10.0.0.5:443 https 1');
    await logs?.stop();
    collector = mapperCollector();
    read({ listen: '10.0.0.5:443' }, { serviceAt: () => 'edge' });
    await taken(1);
    expect(dependencies()).toContain('address:203.0.113.9 > service:edge https 1');
  });

  test('is called like its program where nothing better is known', async () => {
    await writeFile(path, lineOf());
    read();
    await taken(1);
    expect(dependencies()).toContain('address:203.0.113.9 > service:traefik https 1');
  });
});

describe('a book', () => {
  test('says by the proxy’s own count what the log does not hold', async () => {
    const make = lineMaker('traefik-json');
    const lines = Array.from({ length: 3000 }, (_, n) => make(n)).filter((_, n) => n % 3 !== 0);
    await writeFile(path, `${lines.join('\n')}\n`);
    read({ format: 'traefik-json' });
    await taken(2000);
    expect(collector.books[0]?.losses[0]).toMatch(/^999 of 2999 requests are not in the log/);
  });

  test('says what is wrong with a source, and the others are read', async () => {
    await writeFile(path, lineOf());
    logs = startAccessLogs({
      collector,
      sources: [
        { path: '/x', log_format: '$request' },
        { path, service: 'edge' },
      ],
      log,
      from: 'start',
      pollMs: 5,
    });
    await expect.poll(() => collector.books.find((book) => book.name === path)?.taken).toBe(1);
    expect(collector.books.find((book) => book.name === '/x')).toMatchObject({
      state: 'off',
      reason: 'log_format: has no $status; without it a line tells nothing.',
    });
  });

  test('counts what is refused, through a rotation, and is closed in the end', async () => {
    await writeFile(path, `${lineOf()}garbage\n`);
    read({ format: 'traefik-json' });
    await taken(1);
    await rename(path, `${path}.1`);
    await writeFile(path, `{"level":"error"}\n${lineOf()}`);
    await taken(2);
    await appendFile(path, lineOf({ StartUTC: 'never' }));
    await expect.poll(() => collector.books[0]?.rejected).toEqual({ not_json: 1, no_request: 1, no_time: 1 });
    await logs?.stop();
    expect(collector.books[0]?.isClosed).toBe(true);
  });
});
