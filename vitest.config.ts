import { defineConfig } from 'vitest/config';

/** Tests import the workspaces' sources (condition `netring-source`), so that no stale build can pass them. */
const conditions = ['netring-source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{contract,service,registry,member,cli,ui,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
