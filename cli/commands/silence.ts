import { alertsAnswer, ruleNames, silence, type Matcher } from '@netring/contract/alert';
import { ConfigurationError } from '@netring/service/configuration';
import { Option, type Command } from 'commander';
import { matcherText, silenceTable } from '../alert-table.ts';
import { askRegistry, type RegistryAccess } from '../ask-registry.ts';
import { readDuration } from '../read-duration.ts';
import { readRule } from '../read-rule.ts';

interface Access {
  registry?: string;
  token?: string;
}

interface SilenceOptions extends Access {
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
}

/** `netring silence`, `netring silences`, `netring unsilence` */
export function addSilenceCommands(program: Command): void {
  addSilence(program);
  withAccess(program.command('silences').description('what is kept quiet, and until when'), 'VIEW')
    .option('--json', 'as the registry tells it')
    .action(async (options: Access & { json?: boolean }) => {
      const { answer } = await askRegistry(accessOf(options, process.env.NETRING_VIEW_TOKEN), {
        path: 'api/alerts',
        answer: alertsAnswer,
      });
      const shown = options.json === true ? JSON.stringify(answer.silences, null, 2) : silenceTable(answer);
      process.stdout.write(`${shown}\n`);
    });
  withAccess(program.command('unsilence <id>').description('end a silence'), 'OPERATOR').action(
    async (id: string, options: Access) => {
      await askRegistry(accessOf(options, process.env.NETRING_OPERATOR_TOKEN), {
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
  withAccess(program.command('silence').description(about), 'OPERATOR')
    .option('--location <name>', 'of a member, or either end of a path')
    .option('--source <name>', 'location that a path comes from')
    .option('--target <name>', 'location that a path goes to')
    .option('--member <id>', 'instance id')
    .option('--service <name>', 'id or name, at either end of a dependency')
    .option('--rule <name>', ruleNames.join(', '), readRule)
    .requiredOption('--for <time>', 'how long: 90s, 15m, 2h, 1d')
    .option('--in <time>', 'begins so much later')
    .requiredOption('--comment <text>', 'why, for the others')
    .addOption(new Option('--maintenance', 'it was planned'))
    .action(async (options: SilenceOptions) => {
      const { answer } = await askRegistry(accessOf(options, process.env.NETRING_OPERATOR_TOKEN), {
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
  };
}

function matcherOf({ rule, location, source, target, member, service }: SilenceOptions): Matcher {
  const ends = { source_location: source, target_location: target };
  const all = { rule, location, ...ends, instance_id: member, service };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function withAccess(command: Command, right: 'VIEW' | 'OPERATOR'): Command {
  return command
    .option('--registry <url>', 'the registry [NETRING_REGISTRY_URL, http://localhost:8756]')
    .option('--token <token>', `what it asks for [NETRING_${right}_TOKEN]`);
}

function accessOf({ registry, token }: Access, fromEnvironment: string | undefined): RegistryAccess {
  const url = registry ?? (process.env.NETRING_REGISTRY_URL || 'http://localhost:8756');
  return { url, token: token ?? (fromEnvironment || undefined) };
}
