import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

// The arrows of docs/architecture.md are a lint rule; here the rule is held against imports that it must refuse.
const root = fileURLToPath(new URL('../..', import.meta.url));
const eslint = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) => ruleId === 'no-restricted-imports',
  // Imports are judged by their text: no types need to be read.
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
});

async function refusals(file: string, imported: string): Promise<number> {
  const [result] = await eslint.lintText(`import * as it from '${imported}';\nexport { it };\n`, {
    filePath: `${root}${file}`,
  });
  return (result?.messages ?? []).filter((message) => message.ruleId === 'no-restricted-imports').length;
}

test.each([
  ['registry/app.ts', '@netring/member/config'],
  ['member/agent.ts', '@netring/registry/config'],
  ['contract/plan.ts', '@netring/service/log'],
  ['service/log.ts', '@netring/registry/config'],
  ['registry/app.ts', './store/redis/index.ts'],
  ['registry/app.ts', './membership/status.ts'],
  ['registry/paths/ingest.ts', '../membership/status.ts'],
  ['registry/app.ts', '../contract/plan.ts'],
])('%s may not import %s', async (file, imported) => {
  expect(await refusals(file, imported)).toBeGreaterThan(0);
});

test.each([
  ['registry/app.ts', '@netring/contract/plan'],
  ['registry/app.ts', './store/index.ts'],
  ['registry/paths/ingest.ts', '../membership/index.ts'],
  ['registry/membership/membership.ts', './status.ts'],
  ['cli/main.ts', '@netring/registry/config'],
])('%s may import %s', async (file, imported) => {
  expect(await refusals(file, imported)).toBe(0);
});
