import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import svelteConfig from './ui/svelte.config.js';

/**
 * The arrows of docs/architecture.md: which workspace may import which. `registry` and `member` never see
 * each other; `contract` and `topology` see nothing of ours.
 */
const mayImport = {
  contract: [],
  topology: [],
  service: ['contract'],
  registry: ['contract', 'topology', 'service'],
  member: ['contract', 'topology', 'service'],
  cli: ['contract', 'topology', 'service', 'registry', 'member'],
  ui: ['contract', 'topology'],
  test: ['contract', 'topology', 'service', 'registry', 'member'],
};

const workspaces = Object.keys(mayImport);

/** Inside a service a room is entered through its front file only: `../store/index.ts`, never `../store/redis.ts`. */
const roomFronts = {
  regex: String.raw`^(\./|(\.\./)+)[a-z-]+/(?!index\.ts$).+\.ts$`,
  message: 'A room is entered through its front file, <room>/index.ts.',
};

function arrows(workspace) {
  const forbidden = workspaces.filter(
    (other) => other !== workspace && !mayImport[workspace].includes(other),
  );
  const patterns = [
    {
      regex: `^@netring/(${forbidden.join('|')})(/|$)`,
      message: `${workspace} may import only: ${mayImport[workspace].join(', ') || 'nothing of ours'}.`,
    },
    {
      regex: String.raw`^(\.\./)+(${workspaces.join('|')})/`,
      message: 'Another workspace is imported by name.',
    },
  ];
  const rooms = ['registry', 'member'].includes(workspace) ? [roomFronts] : [];
  return {
    files: [`${workspace}/**/*.ts`, `${workspace}/**/*.svelte`],
    rules: { 'no-restricted-imports': ['error', { patterns: [...patterns, ...rooms] }] },
  };
}

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.netring/**', 'test/results/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({
    ...config,
    files: ['**/*.ts', '**/*.svelte'],
  })),
  ...svelte.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: {
        // The only TypeScript that belongs to no workspace.
        projectService: { allowDefaultProject: ['vitest.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      globals: globals.browser,
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
        parser: tseslint.parser,
        svelteConfig,
      },
    },
  },
  { files: ['ui/**/*.ts'], languageOptions: { globals: globals.browser } },
  { files: ['**/*.js'], languageOptions: { globals: globals.node } },
  {
    files: ['**/*.ts', '**/*.svelte'],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'max-lines': ['warn', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  ...workspaces.map(arrows),
);
