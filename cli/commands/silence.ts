import { userInfo } from 'node:os';
import { alertsAnswer, ruleNames, silence, type Matcher } from '@netring/contract/alert';
import { ConfigurationError } from '@netring/service/configuration';
import { Option, type Command } from 'commander';
import { matcherText, silenceTable } from '../alert-table.ts';
import { askRegistry } from '../ask-registry.ts';
import { readDuration } from '../read-duration.ts';
import { readRule } from '../read-rule.ts';
import { registryAccess, withRegistry, type RegistryOptions } from '../registry-options.ts';

interface SilenceOptions extends RegistryOptions {
  rule?: string;
  location?: string;
  source?: string;
  target?: string;
  member?: string;
  service?: string;
  for: string;
  in?: string;
  comment: string;
  maintenance?: boolean;
  author?: string;
}

/** `netring silence`, `netring silences`, `netring unsilence` */
export function addSilenceCommands(program: Command): void {
  addSilence(program);
  withRegistry(program.command('silences').description('what is kept quiet, and until when'), 'view')
    .option('--json', 'as the registry tells it')
    .action(async (options: RegistryOptions & { json?: boolean }) => {
      const { answer } = await askRegistry(registryAccess(options, 'view'), {
        path: 'api/alerts',
        answer: alertsAnswer,
      });
      const shown = options.json === true ? JSON.stringify(answer.silences, null, 2) : silenceTable(answer);
      process.stdout.write(`${shown}\n`);
    });
  withRegistry(program.command('unsilence <id>').description('end a silence'), 'operator').action(
    async (id: string, options: RegistryOptions) => {
      await askRegistry(registryAccess(options, 'operator'), {
        path: `api/silences/${encodeURIComponent(id)}`,
        method: 'DELETE',
        answer: silence.pick({ id: true }),
        right: 'operator',
      });
      process.stdout.write(`Silence ${id} is over.\n`);
    },
  );
}

function addSilence(program: Command): void {
  const about =
    'keep alerts quiet for a time; every option that is given must match, * at its end matches any rest';
  withRegistry(program.command('silence').description(about), 'operator')
    .option('--location <name>', 'of a member, or either end of a path')
    .option('--source <name>', 'location that a path comes from')
    .option('--target <name>', 'location that a path goes to')
    .option('--member <id>', 'instance id')
    .option('--service <name>', 'id or name, at either end of a dependency')
    .option('--rule <name>', ruleNames.join(', '), readRule)
    .requiredOption('--for <time>', 'how long: 90s, 15m, 2h, 1d')
    .option('--in <time>', 'begins so much later')
    .requiredOption('--comment <text>', 'why, for the others')
    .option('--author <name>', 'who enters it; else the user of this machine')
    .addOption(new Option('--maintenance', 'it was planned'))
    .action(async (options: SilenceOptions) => {
      const { answer } = await askRegistry(registryAccess(options, 'operator'), {
        path: 'api/silences',
        method: 'POST',
        body: requestOf(options, Date.now()),
        answer: silence,
        right: 'operator',
      });
      const until = new Date(answer.to_ms).toISOString();
      process.stdout.write(`Silence ${answer.id}: ${matcherText(answer.matcher)} until ${until}\n`);
    });
}

/** The body to send; `nowMs` serves only for what begins later. */
function requestOf(options: SilenceOptions, nowMs: number): object {
  const matcher = matcherOf(options);
  if (Object.keys(matcher).length === 0) {
    throw new ConfigurationError([
      'name what to keep quiet: --location, --source, --target, --member, --service or --rule',
    ]);
  }
  return {
    kind: options.maintenance === true ? 'maintenance' : 'silence',
    matcher,
    ...(options.in === undefined ? {} : { from_ms: nowMs + readDuration('--in', options.in) }),
    duration_ms: readDuration('--for', options.for),
    comment: options.comment,
    ...authorOf(options),
  };
}

/** The user of this machine, where the system knows one; another name when somebody says so. */
function authorOf({ author }: SilenceOptions): { author?: string } {
  if (author !== undefined) return { author };
  try {
    return { author: userInfo().username };
  } catch {
    // A container may run as a user that has no name.
    return {};
  }
}

function matcherOf({ rule, location, source, target, member, service }: SilenceOptions): Matcher {
  const ends = { source_location: source, target_location: target };
  const all = { rule, location, ...ends, instance_id: member, service };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
