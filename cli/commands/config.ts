import { memberSettings, readMemberConfig } from '@netring/member/config';
import { readRegistryConfig, registrySettings } from '@netring/registry/config';
import type { ConfigurationSources } from '@netring/service/configuration';
import type { SettingTable } from '@netring/service/setting';
import type { Command } from 'commander';
import { configurationSources } from '../configuration-sources.ts';
import { effectiveSettings, effectiveTable, type EffectiveSetting } from '../effective-configuration.ts';
import { exampleFile } from '../example-file.ts';
import { settingNames } from '../setting-names.ts';

interface Options {
  config?: string;
  json?: boolean;
  example?: boolean;
}

/** What `netring config` needs to know of a service. */
interface Service {
  name: 'registry' | 'member';
  table: SettingTable;
  read: (sources: ConfigurationSources) => {
    values: Record<string, unknown>;
    origins: Record<string, string>;
    warnings: string[];
  };
}

/** `netring config registry|member [file]` */
export function addConfigCommand(program: Command): void {
  const command = program
    .command('config')
    .description('show the configuration in effect, and where each value came from; secrets are masked')
    .addHelpText('after', () => `\n${settingNames({ registry: registrySettings, member: memberSettings })}`);
  addService(command, { name: 'registry', table: registrySettings, read: readRegistryConfig });
  addService(command, { name: 'member', table: memberSettings, read: readMemberConfig });
}

function addService(parent: Command, { name, table, read }: Service): void {
  parent
    .command(name)
    .description(`the configuration of a ${name}, as "netring ${name} [file]" would use it from here`)
    .argument('[file]', `YAML file, as config/${name}.yaml`)
    .option('--config <file>', 'the same, as an option')
    .option('--json', 'for programs')
    .option('--example', 'print a commented YAML file with every key and its default instead')
    .addHelpText('after', () => `\n${settingNames({ [name]: table })}`)
    .action((file: string | undefined, { config, json, example }: Options) => {
      if (example === true) return void process.stdout.write(exampleFile(name, table));
      const { values, origins, warnings } = read(configurationSources({ argument: file, option: config }));
      const settings = effectiveSettings(table, { values, origins });
      if (json === true) printJson(settings, warnings);
      else print(settings, warnings);
    });
}

function printJson(settings: EffectiveSetting[], warnings: string[]): void {
  process.stdout.write(`${JSON.stringify({ settings, warnings }, null, 2)}\n`);
}

function print(settings: EffectiveSetting[], warnings: string[]): void {
  process.stdout.write(`${effectiveTable(settings)}\n`);
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
}
