import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { CommandFailed } from '../command-failed.ts';
import { placeProblems } from '../ring/free-places.ts';
import { introduction } from '../ring/introduction.ts';
import { planRing, type RingOptions } from '../ring/ring-plan.ts';
import { createRing } from '../ring/ring.ts';
import { stopRequest } from '../ring/stop-request.ts';
import { bringUp } from '../ring/bring-up.ts';

interface Options {
  port: number;
  data: string;
  shop: boolean;
  addressBlock: string;
  memberPort: number;
  shopPort: number;
}

/** `netring up`: what `npm start` runs. */
export function addUpCommand(program: Command): void {
  program
    .command('up')
    .description('run a ring on this machine: a registry, members in three locations, and a small shop')
    .option('--port <port>', 'port of the dashboard, on 127.0.0.1', readPort, 8756)
    .option('--data <folder>', "folder for the registry's data and all logs", '.netring')
    .option('--no-shop', 'leave out the shop, whose services call each other between the locations')
    // For tests that run beside another ring.
    .addOption(new Option('--address-block <bytes>').default('127.0').hideHelp())
    .addOption(new Option('--member-port <port>').argParser(readPort).default(8757).hideHelp())
    .addOption(new Option('--shop-port <port>').argParser(readPort).default(18080).hideHelp())
    .action(({ data, shop, ...rest }: Options) => up({ ...rest, folder: resolve(data), withShop: shop }));
}

async function up(options: RingOptions): Promise<void> {
  const planned = planRing(options);
  const problems = await placeProblems(planned);
  if (problems.length > 0) {
    const list = problems.map((problem) => `  - ${problem}`).join('\n');
    throw new CommandFailed(`the ring cannot be started, and nothing was:\n${list}`);
  }
  // A terminal that was closed takes no more words; that must not keep us from stopping.
  process.stdout.on('error', () => undefined);
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  say(`starting a registry, three members${options.withShop ? ' and a shop' : ''} …`);
  const ring = createRing(options.folder, say);
  const stop = stopRequest(() => {
    ring.kill();
    process.exit(1);
  });
  try {
    await Promise.race([
      bringUp(ring, planned, options).then(() => say(introduction(ring, options))),
      stop.asked,
    ]);
    await stop.asked;
    say('stopping …');
  } finally {
    await ring.stop();
    stop.forget();
  }
  say('stopped.');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function readPort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new InvalidArgumentError('It must be a whole number from 1 to 65535.');
  return port;
}
