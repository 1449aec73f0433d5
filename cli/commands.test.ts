import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addCommands } from './commands.ts';

async function namesFor(asked?: string): Promise<string[]> {
  const program = new Command();
  await addCommands(program, asked);
  return program.commands.map((one) => one.name());
}

test('each command is found by its own name, without reading the others', async () => {
  const all = await namesFor();
  expect(new Set(all).size).toBe(all.length);
  for (const name of all) {
    const added = await namesFor(name);
    expect(added).toContain(name);
    expect(added.length).toBeLessThanOrEqual(3);
  }
});

test.each([undefined, 'membes', 'toString', '--help', ''])('%j is answered by all of them', async (asked) => {
  expect(await namesFor(asked)).toContain('members');
  expect(await namesFor(asked)).toContain('doctor');
});
