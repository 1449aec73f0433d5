import type { Command } from 'commander';
import { askDocument, type DocumentName } from '../graph/texts.ts';
import { printOut } from '../graph/print-out.ts';
import { accessOf, asked, withAccess, type TopologyOptions } from '../graph/options.ts';
import { addTopologyExport } from './topology-export.ts';
import { addTopologyQuestions } from './topology-questions.ts';

/** `netring topology …`: the service graph and the links, for people and pipes. */
export function addTopologyCommands(program: Command): void {
  const topology = program
    .command('topology')
    .description('the service graph and its links: netring topology graph | dot -Tpng > graph.png');
  addDocument(topology, 'graph', 'for Graphviz')
    .option('--colour <by>', 'type or incidents (green none, yellow 1–10 within ten minutes, red more)')
    .option('--window <time>', 'of the last 30s, 15m, 2h instead of the last minute');
  addDocument(topology, 'map', 'as text').option('--window <time>', 'of the last 30s, 15m, 2h');
  addDocument(topology, 'report', 'services, links, incidents and paths in Markdown')
    .option('--node <name>', 'location or node that reads it: what is there comes first')
    .option('--window <time>', 'of the last 30s, 15m, 2h');
  addDocument(topology, 'sample', 'nodes and links with their numbers as JSON').option(
    '--node <names>',
    'only links that touch these nodes, separated by commas',
  );
  addTopologyQuestions(topology);
  addTopologyExport(topology);
}

function addDocument(topology: Command, name: DocumentName, about: string): Command {
  return withAccess(topology.command(name).description(about)).action(async (options: TopologyOptions) => {
    await printOut(await askDocument(accessOf(options), name, asked(options)));
  });
}
