import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAccessLogs } from '@netring/member/discovery/access-logs/index';
import { startAppLogs } from '@netring/member/discovery/app-logs/index';
import { createLogger } from '@netring/service/log';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstLineMs } from '../bench/logs/lines.ts';
import { hostileLines } from './hostile-lines.ts';
import { mapperCollector } from './mapper-collector.ts';

/** `NETRING_FUZZ_LINES=1000000` for the long form: docs/access-logs.md. */
const lines = Number(process.env.NETRING_FUZZ_LINES ?? 20_000);
const seed = Number(process.env.NETRING_FUZZ_SEED ?? 7);
const formats = ['traefik-json', 'traefik-clf', 'envoy', 'nginx', 'nginx-json', 'caddy', 'auto'] as const;
const mostGrowthBytes = 400e6;
const log = createLogger('member', 'error');
let folder: string;
let path: string;
/** Lines that are empty, or nothing but NULs, are no lines. */
let written = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netring-hostile-'));
  path = join(folder, 'access.log');
  const file = createWriteStream(path);
  const make = hostileLines(seed, Math.ceil(lines / 12));
  for (let n = 0; n < lines; n++) {
    const line = make(n);
    if (line.some((byte, at) => byte !== 0 && !(byte === 0x0d && at === line.length - 1))) written++;
    if (!file.write(Buffer.concat([line, Buffer.from('\n')]))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('every line of a hostile file is taken, or refused by a reason, in every format', async () => {
  const collector = mapperCollector();
  // As the member's clock says it: a line from the year 9999 must not make all others old.
  collector.mapper.advance(firstLineMs + lines / 2);
  const sources = formats.map((format) => ({ path, format, service: 'proxy' }));
  const beforeBytes = process.memoryUsage.rss();
  const logs = startAccessLogs({ collector, sources, log, from: 'start', pollMs: 20 });
  for (const book of collector.books)
    await expect
      .poll(() => book.taken + sum(book.rejected), { timeout: 120_000 + lines, interval: 100 })
      .toBe(written);
  await logs.stop();
  const shares = collector.books.map((book) => [
    book.taken > written / 200,
    sum(book.rejected) > written / 3,
  ]);
  expect(shares).toEqual(formats.map(() => [true, true]));
  for (const { rejected } of collector.books) {
    expect(rejected.line_too_long).toBeGreaterThan(0);
    expect(Object.keys(rejected).every((reason) => /^[a-z_]{3,20}$/.test(reason))).toBe(true);
  }
  // Whatever the length of the file: buffers of seven readers, what repeats, and a graph that is full.
  expect(process.memoryUsage.rss() - beforeBytes).toBeLessThan(mostGrowthBytes);
  expect(({} as { x?: number }).x).toBeUndefined();
  const { services, metadata } = collector.mapper.generateTopologyMap();
  // Whatever was in it, what was made of it are ends that can be read back.
  expect(metadata.service_count).toBeLessThan(10_001);
  for (const id of Object.keys(services))
    expect(id).toMatch(/^(?:service:proxy|address:[[\]a-z0-9:._-]+|others)$/);
});

test('a pattern meets the same file', async () => {
  const collector = mapperCollector();
  const pattern =
    '^(?<source>\\S+) - \\S+ \\[[^\\]]+\\] "(?<method>[A-Z]+) (?<path>\\S+) [^"]*" (?<status>\\d+) (?<bytes>\\d+)';
  const logs = startAppLogs({
    collector,
    sources: [{ path, pattern, service: 'orders' }],
    log,
    from: 'start',
    pollMs: 20,
  });
  const [book] = collector.books;
  await expect
    .poll(() => (book === undefined ? 0 : book.taken + sum(book.rejected)), {
      timeout: 120_000 + lines,
      interval: 100,
    })
    .toBe(written);
  await logs.stop();
  expect(book?.state).toBe('ok');
  expect(book?.taken).toBeGreaterThan(written / 20);
});

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, one) => total + one, 0);
}
