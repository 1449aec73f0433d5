import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@netring/service/log';
import type { Collector } from '@netring/member/discovery/collector';
import { startAccessLogs } from '@netring/member/discovery/access-logs/index';
import { mapperCollector } from '../../discovery/mapper-collector.ts';
import { lineMaker } from './lines.ts';

/** Writes lines one by one, at times that no clock shares; how long each took to be counted, milliseconds. */
export async function delays(lines: number): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'netring-logs-'));
  const path = join(folder, 'access.log');
  await writeFile(path, '');
  const collector = mapperCollector();
  const times: number[] = [];
  let writtenMs = 0;
  const timing: Collector = {
    ...collector,
    observe(observation) {
      // Of the two observations of a line the first.
      if (writtenMs > 0) times.push(performance.now() - writtenMs);
      writtenMs = 0;
      return collector.observe(observation);
    },
  };
  const logs = startAccessLogs({
    collector: timing,
    sources: [{ path, format: 'traefik-json', service: 'proxy' }],
    log: createLogger('member', 'error'),
  });
  const make = lineMaker('traefik-json');
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  await until(() => collector.books[0]?.state === 'ok');
  for (let n = 0; n < lines; n++) {
    await new Promise((resolve) => setTimeout(resolve, (n * 37) % 211));
    // Before the write: it may be read before the write's own answer.
    writtenMs = performance.now();
    await appendFile(path, `${make(n)}\n`);
    await until(() => times.length > n);
  }
  await logs.stop();
  await rm(folder, { recursive: true });
  return times;
}
