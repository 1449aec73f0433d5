import { Option, type Command } from 'commander';
import { CommandFailed } from '../command-failed.ts';
import { configurationSources } from '../configuration-sources.ts';
import { examine, findingsText, rolesAt, type Finding, type Role } from '../doctor/index.ts';

interface Options {
  config?: string;
  as?: Role;
  json?: boolean;
}

/** `netring doctor [file]` */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description(
      'look at what a member or a registry needs at this place, and say what to do about what is wrong',
    )
    .argument('[file]', 'YAML file, as config/member.yaml or config/registry.yaml')
    .option('--config <file>', 'the same, as an option')
    .addOption(
      new Option(
        '--as <role>',
        'member or registry; else by the file, or by whether a location is set',
      ).choices(['member', 'registry']),
    )
    .option('--json', 'for programs')
    .addHelpText('after', '\nEnds with 0 when there is no problem (warnings are none), else with 1.')
    .action(async (file: string | undefined, { config, as, json }: Options) => {
      const sources = configurationSources({ argument: file, option: config });
      const places: { role: Role; findings: Finding[] }[] = [];
      for (const role of as === undefined ? rolesAt(sources) : [as])
        places.push({ role, findings: await examine(role, sources) });
      const failed = places.some(({ findings }) => findings.some(({ outcome }) => outcome === 'problem'));
      process.stdout.write(
        `${json === true ? JSON.stringify({ ok: !failed, places }, null, 2) : textOf(places)}\n`,
      );
      if (failed) throw new CommandFailed('not everything is as it must be: see above');
    });
}

function textOf(places: readonly { role: Role; findings: readonly Finding[] }[]): string {
  return places.map(({ role, findings }) => `As a ${role}:\n${findingsText(findings)}`).join('\n\n');
}
