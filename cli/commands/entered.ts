import { readFileSync } from 'node:fs';
import { enteredAnswer, enteredFile, enteredImport, enteredLists } from '@netring/contract/entered';
import { describeInvalid } from '@netring/contract/error';
import type { Command } from 'commander';
import { askRegistry, type RegistryAccess } from '../ask-registry.ts';
import { CommandFailed } from '../command-failed.ts';
import { partsOf, refusedText, secretsText, sumOf } from '../entered-parts.ts';
import { writePrivately } from '../private-file.ts';
import { registryAccess, withRegistry, type RegistryOptions } from '../registry-options.ts';

interface Options extends RegistryOptions {
  out?: string;
  secrets?: boolean;
}

/** `netring export`, `netring import <file>` */
export function addEnteredCommands(program: Command): void {
  withRegistry(
    program
      .command('export')
      .description('what people entered, as a file: silences, maintenance, places on the map, watchers'),
    'operator',
  )
    .option('--out <file>', 'where to write it; else it is printed')
    .option('--secrets', 'with the secrets that sign what watchers get: keep such a file like a token')
    .action(async (options: Options) => {
      const { answer } = await askRegistry(registryAccess(options, 'operator'), {
        path: 'api/entered',
        query: { secrets: options.secrets === true ? '1' : undefined },
        answer: enteredFile,
        right: 'operator',
      });
      const text = `${JSON.stringify(answer, null, 2)}\n`;
      if (options.out === undefined) return void process.stdout.write(text);
      write(options.out, text);
      const counts = enteredLists.map((list) => `${answer[list].length} ${list}`).join(', ');
      process.stdout.write(`${counts} in ${options.out}\n`);
    });
  withRegistry(
    program
      .command('import <file>')
      .description(
        'put back what "netring export" wrote; what is there already stays ("-" reads from a pipe)',
      ),
    'operator',
  ).action(async (file: string, options: Options) => {
    await importFile(file, registryAccess(options, 'operator'));
  });
}

/** Part after part, so that no call takes long; each is good by itself, and doing it again changes nothing. */
async function importFile(file: string, access: RegistryAccess): Promise<void> {
  const answers = [];
  const parts = partsOf(read(file));
  for (const { from, body } of parts) {
    const { answer } = await askRegistry(access, {
      path: 'api/entered',
      method: 'POST',
      body,
      answer: enteredAnswer,
      right: 'operator',
      answersWithinMs: 60_000,
    });
    // At once: a later part may fail.
    process.stdout.write(secretsText(answer));
    answers.push({ from, answer });
  }
  process.stdout.write(`${sumOf(answers.map(({ answer }) => answer))}\n`);
  const refused = answers.flatMap(refusedText);
  if (refused.length > 0) throw new CommandFailed(`${refused.length} refused:\n  ${refused.join('\n  ')}`);
}

function read(file: string) {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new CommandFailed(`${file} cannot be read: ${(error as Error).message}`);
  }
  const parsed = enteredImport.safeParse(jsonIn(text));
  if (!parsed.success) throw new CommandFailed(`${file}: ${describeInvalid(parsed.error).error.message}`);
  return parsed.data;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Only for its owner to read: it may hold secrets, and names people. */
function write(file: string, text: string): void {
  try {
    writePrivately(file, text);
  } catch (error) {
    throw new CommandFailed(`${file} cannot be written: ${(error as Error).message}`);
  }
}
