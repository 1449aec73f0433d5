import { readFile, writeFile } from 'node:fs/promises';
import { ruleNames } from '@netring/contract/alert';
import { registryRetired, registrySettings } from '@netring/registry/config';
import { readConfiguration, type ConfigurationSources } from '@netring/service/configuration';
import type { Settings } from '@netring/service/setting';
import type { Command } from 'commander';
import { CommandFailed } from '../command-failed.ts';
import { configurationSources } from '../configuration-sources.ts';
import { printOut } from '../graph/print-out.ts';
import type { Figures, RuleFigures } from '../rules/rule.ts';
import { ruleFile } from '../rules/rule-file.ts';

interface Options {
  config?: string;
  output?: string;
  check?: string;
  kubernetes?: boolean;
}

/** `netring rules [file]` */
export function addRulesCommand(program: Command): void {
  program
    .command('rules')
    .description("print rules for Prometheus with the registry's own thresholds, times and severities")
    .argument(
      '[file]',
      'YAML file of the registry, as config/registry.yaml; without it, its environment or the defaults',
    )
    .option('--config <file>', 'the same, as an option')
    .option('--output <file>', 'write them there instead')
    .option('--check <file>', 'write nothing; fail when that file is not what would be printed')
    .option('--kubernetes', 'as a PrometheusRule of the Prometheus Operator')
    .action(async (file: string | undefined, { config, output, check, kubernetes }: Options) => {
      const figures = configuredFigures(configurationSources({ argument: file, option: config }));
      const text = ruleFile(figures, kubernetes === true ? 'kubernetes' : 'prometheus');
      if (check !== undefined) return mustBe(check, text);
      if (output !== undefined) return put(output, text);
      await printOut(text);
    });
}

/**
 * The rules that a registry with this configuration alerts by. Whether it could be started with it is another question.
 *
 * @throws ConfigurationError with all problems.
 */
export function configuredFigures(sources: ConfigurationSources): Figures {
  const { values } = readConfiguration('registry', registrySettings, sources, registryRetired);
  return new Map(
    ruleNames.flatMap((name) => {
      const severity = values[`alert_${name}_severity`];
      if (severity === 'off') return [];
      const figures: RuleFigures = { severity, forS: values[`alert_${name}_for`] };
      return [[name, { ...figures, ...thresholdOf(values, name) }] as const];
    }),
  );
}

function thresholdOf(values: Settings<typeof registrySettings>, name: string): { threshold?: number } {
  const threshold = (values as Record<string, unknown>)[`alert_${name}_threshold`];
  return typeof threshold === 'number' ? { threshold } : {};
}

async function put(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new CommandFailed(`${file} cannot be written: ${(error as Error).message}`);
  }
}

async function mustBe(file: string, text: string): Promise<void> {
  let found: string;
  try {
    found = await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandFailed(`${file} cannot be read: ${(error as Error).message}`);
  }
  if (found === text) return;
  throw new CommandFailed(
    `${file} has other rules than this configuration: write it again with netring rules --output ${file}`,
  );
}
