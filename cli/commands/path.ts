import { pathAnswer } from '@netring/contract/path';
import type { Command } from 'commander';
import { askRegistry, type RegistryAccess } from '../ask-registry.ts';
import { findPath } from '../find-path.ts';
import { pathText } from '../path-text.ts';

interface Options {
  registry?: string;
  token?: string;
  json?: boolean;
}

/** `netring path us1 eu1` */
export function addPathCommand(program: Command): void {
  program
    .command('path')
    .description('one path in both directions: its state, its checks, and its way hop by hop')
    .argument('<source>', 'a location or a member')
    .argument('<target>', 'a location or a member; between locations the worst path is shown')
    .option('--registry <url>', 'the registry [NETRING_REGISTRY_URL, http://localhost:8756]')
    .option('--token <token>', 'what it asks for before it lets anybody read [NETRING_VIEW_TOKEN]')
    .option('--json', "the registry's answer as it is")
    .action(async (source: string, target: string, options: Options) => {
      const access = accessOf(options);
      const found = await findPath(access, source, target);
      const ends = [found.source, found.target].map(encodeURIComponent).join('/');
      const { answer } = await askRegistry(access, { path: `api/paths/${ends}`, answer: pathAnswer });
      const shown = options.json === true ? JSON.stringify(answer, null, 2) : pathText(answer);
      process.stdout.write(`${shown}\n`);
    });
}

function accessOf({ registry, token }: Options): RegistryAccess {
  const { NETRING_REGISTRY_URL, NETRING_VIEW_TOKEN } = process.env;
  return {
    url: registry ?? (NETRING_REGISTRY_URL || 'http://localhost:8756'),
    token: token ?? (NETRING_VIEW_TOKEN || undefined),
  };
}
