import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { panelQueries } from './grafana-panels.ts';

const missing = spawnSync('which', ['promtool']).status === 0 ? '' : ' (skipped: no promtool)';

/** One dependency, told at three pairs of locations and protocols, by two replicas of which one has counted for longer. */
const pairs = [
  { location: 'eu1', protocol: 'http', perMinute: 60, below: 0.01, bytesPerMinute: 6_000 },
  { location: 'ap1', protocol: 'http', perMinute: 30, below: 1, bytesPerMinute: 3_000 },
  { location: 'eu1', protocol: 'grpc', perMinute: 30, below: 1, bytesPerMinute: 1_200 },
];
const replicas = [
  { instance: 'registry:8756', before: 0 },
  { instance: 'registry-b:8756', before: 6_000 },
];

function counted() {
  return replicas.flatMap(({ instance, before }) =>
    pairs.flatMap(({ location, protocol, perMinute, below, bytesPerMinute }) => {
      const labels =
        `instance="${instance}",source_service="web",source_location="us1",` +
        `target_service="orders",target_location="${location}",protocol="${protocol}"`;
      const grows = (series: string, more: string, by: number) => ({
        series: `netring_dependency_${series}{${labels}${more}}`,
        values: `${before}+${by}x20`,
      });
      return [
        grows('bytes_total', '', bytesPerMinute),
        ...[0.01, 0.5, 1, Infinity].map((le) =>
          grows(
            'latency_seconds_bucket',
            `,le="${le === Infinity ? '+Inf' : le}"`,
            le < below ? 0 : perMinute,
          ),
        ),
      ];
    }),
  );
}

test.skipIf(missing !== '')(
  `panels of a dependency add up its locations and protocols, and count no replica twice${missing}`,
  async () => {
    const queries = panelQueries({ service: 'web', source: '', target: '' });
    const expected = [
      // Half of them take half a second to a second: nine tenths of the way through those.
      ['95th percentile of the latency', 0.95],
      ['Bytes', 170],
    ] as const;
    const promql_expr_test = expected.map(([title, value]) => ({
      expr: `round(${queries.find(({ name }) => name.includes(` / ${title} / `))?.expr}, 0.0001)`,
      eval_time: '10m',
      exp_samples: [{ labels: '{source_service="web",target_service="orders"}', value }],
    }));
    const folder = await mkdtemp(join(tmpdir(), 'netring-panels-'));
    try {
      const file = join(folder, 'panels.test.yml');
      const tests = [{ interval: '1m', input_series: counted(), promql_expr_test }];
      await writeFile(file, JSON.stringify({ rule_files: [], evaluation_interval: '1m', tests }));
      const { stdout } = await promisify(execFile)('promtool', ['test', 'rules', file]);
      expect(stdout).toContain('SUCCESS');
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
