import type { Command } from 'commander';

type AddCommands = (program: Command) => void;

/**
 * Every command by its name, in the order of the help text, and where it comes from. Only the one that is asked for is
 * read: `netring members` need not wait for all that a registry brings along, nor a member keep it in memory.
 */
const commandSources: Readonly<Record<string, () => Promise<AddCommands>>> = {
  up: async () => (await import('./commands/up.ts')).addUpCommand,
  registry: async () => (await import('./commands/registry.ts')).addRegistryCommand,
  member: async () => (await import('./commands/member.ts')).addMemberCommand,
  members: async () => (await import('./commands/members.ts')).addMembersCommand,
  path: async () => (await import('./commands/path.ts')).addPathCommand,
  trace: async () => (await import('./commands/trace.ts')).addTraceCommand,
  topology: async () => (await import('./commands/topology.ts')).addTopologyCommands,
  alerts: async () => (await import('./commands/alerts.ts')).addAlertsCommand,
  silence: silences,
  silences,
  unsilence: silences,
  export: entered,
  import: entered,
  config: async () => (await import('./commands/config.ts')).addConfigCommand,
  rules: async () => (await import('./commands/rules.ts')).addRulesCommand,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctorCommand,
};

/** Adds the command that `name` names; all of them when it names none, for the help and for what looks like it. */
export async function addCommands(program: Command, name: string | undefined): Promise<void> {
  const one = name !== undefined && Object.hasOwn(commandSources, name) ? commandSources[name] : undefined;
  const sources = one === undefined ? [...new Set(Object.values(commandSources))] : [one];
  for (const add of await Promise.all(sources.map((source) => source()))) add(program);
}

async function silences(): Promise<AddCommands> {
  return (await import('./commands/silence.ts')).addSilenceCommands;
}

async function entered(): Promise<AddCommands> {
  return (await import('./commands/entered.ts')).addEnteredCommands;
}
