import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../redis/free-port.ts';
import { spawnTied } from '../redis/spawn-tied.ts';
import { patienceMs, until } from '../ring/until.ts';

/** A real Alertmanager on loopback, which tells one webhook of everything, grouped by incident. */
export interface Alertmanager {
  url: string;
  stop(): Promise<void>;
}

/** What its webhook gets. */
export interface AlertmanagerMessage {
  status: 'firing' | 'resolved';
  groupLabels: Record<string, string>;
  alerts: { status: string; labels: Record<string, string>; annotations: Record<string, string> }[];
}

const program = 'prometheus-alertmanager';

/** Why none can be started here, to skip a test by its reason. */
export function alertmanagerUnavailableReason(): string | undefined {
  const found = spawnSync(program, ['--version']);
  return found.error === undefined
    ? undefined
    : `${program} is not installed (Debian: apt-get install ${program})`;
}

export async function startAlertmanager(webhookUrl: string): Promise<Alertmanager> {
  const folder = await mkdtemp(join(tmpdir(), 'netring-alertmanager-'));
  const file = join(folder, 'alertmanager.yml');
  const quick = { group_wait: '1s', group_interval: '1s', repeat_interval: '1h' };
  // JSON is YAML.
  const config = {
    route: { receiver: 'hook', group_by: ['incident'], ...quick },
    receivers: [{ name: 'hook', webhook_configs: [{ url: webhookUrl, send_resolved: true }] }],
  };
  await writeFile(file, JSON.stringify(config));
  const port = await freePort();
  const running = await spawnTied(folder, program, [
    `--config.file=${file}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ]);
  const url = `http://127.0.0.1:${port}`;
  await until(
    'Alertmanager to be ready',
    patienceMs,
    async () => (await fetch(`${url}/-/ready`)).ok,
    running.output,
  );
  return {
    url,
    async stop() {
      const ended = new Promise<void>((resolve) => running.child.once('exit', () => resolve()));
      process.kill(running.pid, 'SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
