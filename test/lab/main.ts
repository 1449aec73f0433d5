import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { commandHelp, describeConditions, parseCommand, type Command, type LinkChoice } from './command.ts';
import { networkPath, startLab, type Host, type Lab, type LinkControl } from './index.ts';

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function describeLink(link: LinkControl): Promise<string> {
  const [a, b] = link.between;
  const ways = [[a, b] as const, [b, a] as const].map(async ([from, to]) => {
    const { packets, lost, overflowed, cut } = await link.towards(to).counters();
    const conditions = describeConditions(link.towards(to).conditions());
    return `${from} -> ${to}: ${conditions} (carried ${packets} packets, dropped ${lost + overflowed + cut})`;
  });
  return (await Promise.all(ways)).join('\n');
}

function findHost(lab: Lab, name: string): Host {
  const hosts = lab.locations.flatMap((location) => location.hosts);
  return hosts.find((host) => host.name === name) ?? lab.location(name);
}

async function changeLink(lab: Lab, choice: LinkChoice, command: Command): Promise<void> {
  const link = lab.link(choice.a, choice.b, choice.name);
  const direction = choice.towards === undefined ? link : link.towards(choice.towards);
  await (command.kind === 'set' ? direction.set(command.change) : direction.heal());
  say(await describeLink(link));
}

async function runInside(host: Host, script: string): Promise<void> {
  const ignore = () => undefined; // Ctrl-C ends the command, not the lab
  process.on('SIGINT', ignore);
  const child = await host.spawn('sh', ['-c', script], { stdio: 'inherit' });
  const { code, signal } = await child.exited;
  process.off('SIGINT', ignore);
  if (code !== 0) say(`(ended with ${signal ?? `code ${code}`})`);
}

async function obey(lab: Lab, command: Command): Promise<void> {
  switch (command.kind) {
    case 'set':
    case 'heal':
      return changeLink(lab, command.link, command);
    case 'show':
      return say((await Promise.all(lab.links.map(describeLink))).join('\n'));
    case 'exec':
      return runInside(findHost(lab, command.host), command.script);
    case 'expose': {
      const { port } = await findHost(lab, command.host).expose(command.port);
      return say(`127.0.0.1:${port} leads to port ${command.port} of ${command.host}`);
    }
    case 'help':
      return say(commandHelp);
    case 'wrong':
      return say(command.reason);
    case 'quit':
    case 'nothing':
      return;
  }
}

/** Lines as they are typed. The terminal is let go between two, for a command that runs inside. */
async function* typedLines(): AsyncGenerator<string> {
  for (;;) {
    const prompt = createInterface({ input: process.stdin, output: process.stdout });
    const ended = new Promise<undefined>((resolve) => prompt.once('close', () => resolve(undefined)));
    const line = await Promise.race([prompt.question('lab> '), ended]);
    prompt.close();
    if (line === undefined) return;
    yield line;
  }
}

async function converse(lab: Lab): Promise<void> {
  const lines = process.stdin.isTTY ? typedLines() : createInterface({ input: process.stdin });
  for await (const line of lines) {
    const command = parseCommand(line);
    if (command.kind === 'quit') return;
    await obey(lab, command).catch((error: Error) => say(error.message));
  }
}

function introduce(lab: Lab): void {
  const hosts = lab.locations.flatMap((location) => location.hosts);
  for (const { name, address, address6 } of hosts)
    say(`${name.padEnd(16)} ${address.padEnd(16)} ${address6}`);
  say(lab.realtime ? '' : 'Forwarders run without real-time priority: delays waver on a busy machine.');
  say('"help" lists the commands, "show" the links.');
}

function findNetwork(argument = ''): string {
  const path = [argument, networkPath(argument)].find((candidate) => existsSync(candidate));
  if (path !== undefined) return path;
  const known = readdirSync(dirname(networkPath(''))).map((file) => basename(file, '.yaml'));
  throw new Error(`expected the path of a network file, or one of: ${known.join(', ')}`);
}

async function main(argument: string | undefined): Promise<void> {
  const lab = await startLab(findNetwork(argument));
  try {
    introduce(lab);
    await converse(lab);
  } finally {
    await lab.close();
  }
}

try {
  await main(process.argv[2]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
