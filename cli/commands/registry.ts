import { registrySettings } from '@netring/registry/config';
import { Option, type Command } from 'commander';
import { configurationSources } from '../configuration-sources.ts';
import { addSettingFlags, givenFlags } from '../setting-flags.ts';
import { tieToParent } from '../tie-to-parent.ts';

/** When its parent is gone, a registry stays as long as it takes members to say goodbye. */
const goodbyesTakeMs = 1500;

/** `netring registry [file]` */
export function addRegistryCommand(program: Command): void {
  const command = program
    .command('registry')
    .description('run a registry: it keeps who is there and what they saw, and serves the dashboard')
    .argument('[file]', 'YAML file, as config/registry.yaml')
    .option('--config <file>', 'the same, as an option')
    .addOption(new Option('--tied').hideHelp());
  addSettingFlags(command, registrySettings);
  command.action(async (file: string | undefined, options: { config?: string; tied?: boolean }) => {
    if (options.tied === true) tieToParent(goodbyesTakeMs);
    const files = { argument: file, option: options.config };
    const { runRegistry } = await import('@netring/registry/main');
    await runRegistry(configurationSources(files, givenFlags(command, registrySettings)));
  });
}
