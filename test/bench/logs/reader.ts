import { createLogger } from '@netring/service/log';
import { startAccessLogs } from '@netring/member/discovery/access-logs/index';
import { mapperCollector } from '../../discovery/mapper-collector.ts';
import type { LogOrder, LogReport } from './log-order.ts';

const order = JSON.parse(process.argv[2] ?? '{}') as LogOrder;
process.stdout.write(`done ${JSON.stringify(await read(order))}\n`);

/** Follows the file with the member's own reader, into a mapper, until everything in it is counted. */
async function read({ path, kind, lines }: LogOrder): Promise<LogReport> {
  const collector = mapperCollector();
  const started = process.cpuUsage();
  const logs = startAccessLogs({
    collector,
    sources: [{ path, format: kind, service: 'proxy' }],
    log: createLogger('member', 'error'),
    from: 'start',
  });
  const book = collector.books[0] as (typeof collector.books)[number];
  const seen = (): number => book.taken + Object.values(book.rejected).reduce((sum, one) => sum + one, 0);
  let quarterBytes = 0;
  while (seen() < lines) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (quarterBytes === 0 && seen() > lines / 4) quarterBytes = process.memoryUsage.rss();
  }
  const used = process.cpuUsage(started);
  const endBytes = process.memoryUsage.rss();
  await logs.stop();
  const { total_observations, dependency_count } = collector.mapper.generateTopologyMap().metadata;
  return {
    perCpuSecond: lines / ((used.user + used.system) / 1e6),
    taken: book.taken,
    rejected: seen() - book.taken,
    observations: total_observations,
    dependencies: dependency_count,
    quarterBytes,
    endBytes,
  };
}
