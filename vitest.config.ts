import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Tests import the workspaces' sources (condition `netring-source`), so that no stale build can pass them. Not `module`:
 * Node does not know it, and packages put there what only bundlers can read.
 */
const conditions = ['netring-source', 'node', 'development|production'];

/** Minutes to half an hour long: only when asked for. `npm test` names them. */
const longTests = new URL('test/long-tests.json', import.meta.url);
const long =
  process.env.NETRING_TEST_LONG === '1' ? [] : (JSON.parse(readFileSync(longTests, 'utf8')) as string[]);
const notOurs = ['**/node_modules/**', '**/dist/**', ...long];

/** These take all cores, look at speeds or single milliseconds, at the promise of red within 15 s, or at the whole machine. */
const alone = [
  'test/{bench,soak}/**/*.test.ts',
  'test/ring/{starved,registry-away}.test.ts',
  'test/lab/{lab-crash,lab-rate}.test.ts',
  'test/browser/{real-cut,scenarios}.test.ts',
  'test/discovery/shop.test.ts',
  'test/trace/hops.test.ts',
];
/** Browsers, the lab itself, what `npm start` starts, images that are built: they bear one neighbour. */
const system = ['test/{browser,lab,start}/**/*.test.ts', 'test/deployment/containers.test.ts'];
/**
 * All the others: whole rings, each in a lab of its own, and registries and stores on ports of their own. They mostly wait,
 * and what they assert bears a neighbour.
 */
const rings = 'test/**/*.test.ts';

/**
 * Those that take longest: begun last they would run on alone. Between two that keep the cores busy stands one that mostly
 * waits: four busy ones at once on two slow cores would hold each other up until their measurements are void.
 */
const longest = [
  'test/deployment/containers.test.ts',
  'test/trace/reroute.test.ts',
  'test/discovery/blame.test.ts',
  'test/store/redis-away.test.ts',
  'test/alerts/site-cut-off.test.ts',
  'test/bandwidth/ring.test.ts',
  'test/trace/ring-traces.test.ts',
  'test/ring/link-cut.test.ts',
  'test/registry/delivery.test.ts',
  'test/probes/udp.test.ts',
  'test/ring/members.test.ts',
  'test/trace/worst-step.test.ts',
  'test/browser/screenshots.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.endsWith(name));
      return at === -1 ? longest.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    exclude: notOurs,
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    // Limits are for what hangs: no test may fail for a busy machine's sake. They exceed what is waited for within.
    testTimeout: 400_000,
    hookTimeout: 400_000,
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // They share what they import, which is most of their cost; none of them leaves anything behind.
          isolate: false,
          maxWorkers: 3,
          include: ['{contract,topology,service,registry,member,cli,ui}/**/*.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'ring',
          include: [rings],
          exclude: [...notOurs, ...system, ...alone],
          // More than cores, since they wait.
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: system,
          exclude: [...notOurs, ...alone],
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: alone,
          fileParallelism: false,
          maxConcurrency: 3,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
