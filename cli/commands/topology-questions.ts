import { linksAnswer, nodesAnswer } from '@netring/contract/link';
import {
  criticalAnswer,
  diffAnswer,
  patternsAnswer,
  serviceAnswer,
  slowAnswer,
} from '@netring/contract/topology';
import type { Command } from 'commander';
import type { z } from 'zod';
import { askRegistry } from '../ask-registry.ts';
import { diffText } from '../graph/diff-text.ts';
import { accessOf, asked, withAccess, type TopologyOptions } from '../graph/options.ts';
import { printOut } from '../graph/print-out.ts';
import {
  criticalTable,
  dependencyTable,
  linkTable,
  nodeTable,
  patternsTable,
  serviceText,
} from '../graph/tables.ts';

const windowHelp = 'of the last 30s, 15m, 2h instead of the last minute';

/** Questions with a table for people, and `--json` for programs. */
export function addTopologyQuestions(topology: Command): void {
  question(topology.command('nodes'), 'services, members and what applications told of')
    .option('--role <role>', 'only of this role: member, database, producer, …')
    .action((options: TopologyOptions) =>
      show(options, 'nodes', nodesAnswer, ({ nodes }) => nodeTable(nodes)),
    );
  question(topology.command('links'), 'links, with their numbers in both directions (--json has all of them)')
    .option('--node <names>', 'only those that touch these nodes, separated by commas')
    .action(showLinks);
  question(topology.command('service <id>'), 'what a service depends on, who depends on it, and how much')
    .option('--direction <which>', 'inbound or outbound')
    .option('--window <time>', windowHelp)
    .action((id: string, options: TopologyOptions) =>
      show(options, `services/${encodeURIComponent(id)}`, serviceAnswer, serviceText),
    );
  question(topology.command('critical'), 'services by what hangs on them')
    .option('--window <time>', windowHelp)
    .action((options: TopologyOptions) => show(options, 'critical', criticalAnswer, criticalTable));
  question(topology.command('slow'), 'slow dependencies, and what makes them slow')
    .option('--latency-ms <number>', 'mean latency from which on one is slow; 1000 unless said otherwise')
    .option('--window <time>', windowHelp)
    .action((options: TopologyOptions) =>
      show(options, 'slow', slowAnswer, ({ dependencies }) => dependencyTable(dependencies)),
    );
  question(topology.command('patterns'), 'totals over all dependencies')
    .option('--window <time>', windowHelp)
    .action((options: TopologyOptions) => show(options, 'patterns', patternsAnswer, patternsTable));
  question(topology.command('diff'), 'what came and went between two moments, and what does worse or better')
    .requiredOption('--from <time>', 'ISO 8601, or epoch milliseconds')
    .option('--to <time>', 'likewise; now unless said otherwise')
    .option(
      '--window <time>',
      'how much before each moment is compared: 30s, 15m, 2h; a minute unless said otherwise',
    )
    .action((options: TopologyOptions) => show(options, 'diff', diffAnswer, diffText));
}

function question(command: Command, about: string): Command {
  return withAccess(command.description(about)).option('--json', "the registry's answer as it is");
}

async function show<T>(
  options: TopologyOptions,
  path: string,
  answer: z.ZodType<T>,
  text: (answer: T) => string,
): Promise<void> {
  const question = { path: `topology/${path}`, query: asked(options), answer, answersWithinMs: 30_000 };
  const { answer: came } = await askRegistry(accessOf(options), question);
  await printOut(options.json === true ? JSON.stringify(came, null, 2) : text(came));
}

/** Ends of links are ids: the nodes have the names. */
async function showLinks(options: TopologyOptions): Promise<void> {
  if (options.json === true) return show(options, 'links', linksAnswer, () => '');
  const access = accessOf(options);
  const [links, nodes] = await Promise.all([
    askRegistry(access, { path: 'topology/links', query: asked(options), answer: linksAnswer }),
    askRegistry(access, { path: 'topology/nodes', answer: nodesAnswer }),
  ]);
  await printOut(linkTable(links.answer.links, nodes.answer.nodes));
}
