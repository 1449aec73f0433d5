import { memberSettings } from '@netring/member/config';
import { Option, type Command } from 'commander';
import { configurationSources } from '../configuration-sources.ts';
import { addSettingFlags, givenFlags } from '../setting-flags.ts';
import { tieToParent } from '../tie-to-parent.ts';

/** `netring member [file]` */
export function addMemberCommand(program: Command): void {
  const command = program
    .command('member')
    .description('run a member: it measures the paths from its location to all others')
    .argument('[file]', 'YAML file, as config/member.yaml')
    .option('--config <file>', 'the same, as an option')
    .addOption(new Option('--tied').hideHelp());
  addSettingFlags(command, memberSettings);
  command.action(async (file: string | undefined, options: { config?: string; tied?: boolean }) => {
    if (options.tied === true) tieToParent();
    const files = { argument: file, option: options.config };
    // Only now: no other command waits for all that a member brings along.
    const { runMember } = await import('@netring/member/main');
    await runMember(configurationSources(files, givenFlags(command, memberSettings)));
  });
}
