import { defineConfig } from 'vitest/config';

/** Tests import the workspaces' sources (condition `netring-source`), so that no stale build can pass them. */
const conditions = ['netring-source', 'module', 'node', 'development|production'];

/** Whole rings, each in a lab of its own: they mostly wait, and what they assert bears a neighbour. */
const rings = 'test/{ring,trace,probes,bandwidth,alerts}/**/*.test.ts';
/** Of these, the ones that take all cores. */
const alone = ['test/ring/starved.test.ts', 'test/ring/registry-away.test.ts'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'forks',
    // Limits are for what hangs: no test may fail for a busy machine's sake. They exceed what is waited for within.
    testTimeout: 150_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{contract,topology,service,registry,member,cli,ui}/**/*.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'ring',
          include: [rings],
          exclude: ['**/node_modules/**', '**/dist/**', ...alone],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/{bench,browser,house,lab,redis,registry,soak,start,store}/**/*.test.ts', ...alone],
          // These start servers, browsers and networks and look at times: side by side they would disturb each other.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
