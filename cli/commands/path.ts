import { pathAnswer } from '@netring/contract/path';
import type { Command } from 'commander';
import { askRegistry } from '../ask-registry.ts';
import { findPath } from '../find-path.ts';
import { pathText } from '../path-text.ts';
import { registryAccess, withRegistry, type RegistryOptions } from '../registry-options.ts';

interface Options extends RegistryOptions {
  json?: boolean;
}

/** `netring path us1 eu1` */
export function addPathCommand(program: Command): void {
  const command = program
    .command('path')
    .description('one path in both directions: its state, its checks, and its way hop by hop')
    .argument('<source>', 'a location or a member')
    .argument('<target>', 'a location or a member; between locations the worst path is shown');
  withRegistry(command, 'view')
    .option('--json', "the registry's answer as it is")
    .action(async (source: string, target: string, options: Options) => {
      const access = registryAccess(options, 'view');
      const found = await findPath(access, source, target);
      const ends = [found.source, found.target].map(encodeURIComponent).join('/');
      const { answer } = await askRegistry(access, { path: `api/paths/${ends}`, answer: pathAnswer });
      const shown = options.json === true ? JSON.stringify(answer, null, 2) : pathText(answer);
      process.stdout.write(`${shown}\n`);
    });
}
