import { mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@netring/service/log';
import { startAccessLogs } from '@netring/member/discovery/access-logs/index';
import { mapperCollector } from '../../discovery/mapper-collector.ts';
import type { LogOrder, LogReport } from './log-order.ts';

const order = JSON.parse(process.argv[2] ?? '{}') as LogOrder;
process.stdout.write(`done ${JSON.stringify(await read(order))}\n`);

/** Follows a name that leads to one file after the other with the member's own reader, until all lines are counted. */
async function read({ files, kind, lines, rounds }: LogOrder): Promise<LogReport> {
  const folder = await mkdtemp(join(tmpdir(), 'netring-logs-'));
  const path = join(folder, 'access.log');
  await symlink(files[0] as string, path);
  const collector = mapperCollector();
  const started = process.cpuUsage();
  const logs = startAccessLogs({
    collector,
    sources: [{ path, format: kind, service: 'proxy' }],
    log: createLogger('member', 'error'),
    from: 'start',
    pollMs: 10,
  });
  const book = collector.books[0] as (typeof collector.books)[number];
  const rejected = (): number => Object.values(book.rejected).reduce((sum, one) => sum + one, 0);
  let quarterBytes = 0;
  for (let round = 1; round <= rounds; round++) {
    while (book.taken + rejected() < lines * round) await new Promise((resolve) => setTimeout(resolve, 5));
    if (round === Math.max(1, rounds >> 2)) quarterBytes = process.memoryUsage.rss();
    if (round === rounds) break;
    await symlink(files[round % files.length] as string, `${path}.next`);
    await rename(`${path}.next`, path);
  }
  const used = process.cpuUsage(started);
  const endBytes = process.memoryUsage.rss();
  await logs.stop();
  await rm(folder, { recursive: true });
  const { total_observations, dependency_count } = collector.mapper.generateTopologyMap().metadata;
  return {
    perCpuSecond: (lines * rounds) / ((used.user + used.system) / 1e6),
    taken: book.taken,
    rejected: rejected(),
    observations: total_observations,
    dependencies: dependency_count,
    quarterBytes,
    endBytes,
  };
}
