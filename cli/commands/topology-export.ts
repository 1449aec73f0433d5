import { ConfigurationError } from '@netring/service/configuration';
import type { Command } from 'commander';
import { readDuration } from '../read-duration.ts';
import { exportTopology } from '../graph/export-loop.ts';
import { accessOf, withAccess, type TopologyOptions } from '../graph/options.ts';
import { askDocument, documents, type DocumentName } from '../graph/texts.ts';

interface ExportOptions extends TopologyOptions {
  dir: string;
  every?: string;
  keep: string;
  what: string;
}

const leastEveryMs = 1_000;

/** `netring topology export --every 1h --dir D --keep N` */
export function addTopologyExport(topology: Command): void {
  withAccess(
    topology
      .command('export')
      .description('write the graph, the map, the report and the sample into a folder'),
  )
    .requiredOption('--dir <folder>', 'where to; made when it is not there')
    .option('--every <time>', 'again and again: 10m, 1h; once without it')
    .option('--keep <number>', 'sets of files that are kept, the newest', '24')
    .option('--what <names>', 'graph, map, report, sample', Object.keys(documents).join(','))
    .option('--colour <by>', 'of the graph: type or incidents', 'incidents')
    .action(async (options: ExportOptions) => {
      const stopping = new AbortController();
      const stop = () => stopping.abort();
      process.once('SIGINT', stop).once('SIGTERM', stop);
      const access = accessOf(options);
      try {
        await exportTopology(planOf(options), {
          ask: (name) =>
            askDocument(access, name, name === 'graph' ? { colour: options.colour } : {}, stopping.signal),
          say: (text) => process.stderr.write(`${text}\n`),
          now: () => new Date(),
          signal: stopping.signal,
        });
      } finally {
        process.off('SIGINT', stop).off('SIGTERM', stop);
      }
    });
}

function planOf({ dir, every, keep, what }: ExportOptions): Parameters<typeof exportTopology>[0] {
  const names = what.split(',').map((one) => one.trim());
  const unknown = names.find((one) => !Object.hasOwn(documents, one));
  const sets = Number(keep);
  const everyMs = every === undefined ? undefined : readDuration('--every', every);
  const problems = [
    ...(unknown === undefined ? [] : [`--what must be among ${Object.keys(documents).join(', ')}`]),
    ...(Number.isInteger(sets) && sets >= 1 ? [] : ['--keep must be a whole number from 1 on']),
    ...(everyMs === undefined || everyMs >= leastEveryMs ? [] : ['--every must be a second at least']),
  ];
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { folder: dir, names: names as DocumentName[], keep: sets, everyMs };
}
