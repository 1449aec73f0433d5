import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { deployedPath, deployedText, reworded } from './deployed-files.ts';
import { readDashboards } from './grafana-panels.ts';

const run = promisify(execFile);
const missing = ['promtool', 'amtool'].filter((program) => spawnSync('which', [program]).status !== 0);
const title = (text: string) => (missing.length === 0 ? text : `${text} (skipped: no ${missing.join(', ')})`);

describe.skipIf(missing.length > 0)(title('what the tools of Prometheus say'), () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netring-deployed-'));
    await writeFile(join(folder, 'token'), 'view-token');
    await writeFile(join(folder, 'alerts.yml'), deployedText('prometheus/alerts.yml'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('promtool check rules', async () => {
    const { stdout } = await run('promtool', ['check', 'rules', deployedPath('prometheus/alerts.yml')]);
    expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
  });

  test('promtool test rules, with a case for every alert', async () => {
    const cases = deployedPath('prometheus/alerts.test.yml');
    const { stdout } = await run('promtool', ['test', 'rules', cases]);
    expect(stdout).toContain('SUCCESS');
    const { groups } = parse(deployedText('prometheus/alerts.yml')) as RuleFile;
    const alerts = groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));
    const { tests } = parse(deployedText('prometheus/alerts.test.yml')) as RuleTests;
    const fired = tests.flatMap(({ alert_rule_test = [] }) =>
      alert_rule_test.filter(({ exp_alerts }) => exp_alerts.length > 0).map(({ alertname }) => alertname),
    );
    expect([...new Set(fired)].sort()).toEqual([...alerts].sort());
  });

  test.each(['prometheus.yml', 'prometheus-no-tls.yml'])('promtool check config %s', async (name) => {
    const file = join(folder, name);
    const token = join(folder, 'token');
    const text = reworded(deployedText(`prometheus/${name}`), [['/run/secrets/netring_view_token', token]]);
    await writeFile(file, text);
    const { stdout } = await run('promtool', ['check', 'config', file]);
    expect(stdout).toContain('is valid prometheus config file syntax');
    expect(stdout).toMatch(/1 rule files? found/);
  });

  test.each(['alertmanager.yml', 'examples/email.yml', 'examples/slack.yml'])(
    'amtool check-config %s',
    async (name) => {
      const { stdout } = await run('amtool', ['check-config', deployedPath(`alertmanager/${name}`)]);
      expect(stdout).toContain('SUCCESS');
    },
  );
});

interface RuleFile {
  groups: { rules: { alert?: string; record?: string }[] }[];
}
interface RuleTests {
  tests: { alert_rule_test?: { alertname: string; exp_alerts: unknown[] }[] }[];
}

test('with TLS and without, Prometheus asks the same; only the way differs', () => {
  const plain = parse(deployedText('prometheus/prometheus-no-tls.yml')) as unknown;
  const secure = deployedText('prometheus/prometheus.yml')
    .replaceAll(/^ *tls_config:\n *ca_file: .*\n/gm, '')
    .replaceAll(/^ *scheme: https\n/gm, '')
    .replaceAll('https://', 'http://');
  expect(parse(secure)).toEqual(plain);
  expect(deployedText('prometheus/prometheus.yml').match(/^ *ca_file: \/certs\/ca\.crt$/gm)).toHaveLength(3);
  expect(deployedText('prometheus/prometheus-no-tls.yml')).not.toMatch(/https:|ca_file/);
});

test('the examples of Alertmanager route, group and inhibit as the file that is deployed', () => {
  const deployed = parse(deployedText('alertmanager/alertmanager.yml')) as Alerting;
  for (const name of ['email', 'slack']) {
    const example = parse(deployedText(`alertmanager/examples/${name}.yml`)) as Alerting;
    expect(JSON.stringify(example.route).replaceAll(`"${name}"`, '"webhook"')).toBe(
      JSON.stringify(deployed.route),
    );
    expect(example.inhibit_rules).toEqual(deployed.inhibit_rules);
  }
});

interface Alerting {
  route: unknown;
  inhibit_rules: unknown;
}

describe('Grafana', () => {
  const dashboards = readDashboards();

  test('has three dashboards, each with an id of its own', () => {
    expect(dashboards.map(({ uid }) => uid).sort()).toEqual([
      'netring-path',
      'netring-ring',
      'netring-services',
    ]);
  });

  test('every panel and variable asks the data source that is provisioned', () => {
    const { datasources } = parse(deployedText('grafana/provisioning/datasources/netring.yml')) as {
      datasources: { uid: string }[];
    };
    const uids = dashboards.flatMap(({ panels, templating }) => [
      ...panels.flatMap((panel) => [panel.datasource.uid, ...panel.targets.map((one) => one.datasource.uid)]),
      ...templating.list.map(({ datasource }) => datasource.uid),
    ]);
    expect([...new Set(uids)]).toEqual(datasources.map(({ uid }) => uid));
  });

  test.each(dashboards.map((one) => [one.title, one] as const))(
    '%s: panels have ids, a word of explanation, and a place of their own',
    (_, { panels }) => {
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      const taken = new Set<string>();
      for (const { gridPos, description } of panels) {
        expect(description).not.toBe('');
        expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
            expect(taken).not.toContain(`${x},${y}`);
            taken.add(`${x},${y}`);
          }
      }
    },
  );

  test('shows what operators look for', () => {
    const titles = dashboards.flatMap(({ panels }) => panels.map((panel) => panel.title));
    expect(titles).toEqual(
      expect.arrayContaining([
        'TCP matrix',
        'Failed connections',
        'Mean check duration',
        'Bandwidth trend',
        'Bandwidth by location pair',
        'Hops',
        'Worst step',
        'Member count',
        'Service graph',
      ]),
    );
  });
});
