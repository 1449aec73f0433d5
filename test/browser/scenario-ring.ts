import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PathAnswer } from '@netring/contract/path';
import type { Host, Lab, LabProcess } from '../lab/index.ts';
import { startLabRing, type LabRing } from '../ring/lab-ring.ts';
import { until } from '../ring/until.ts';

const program = fileURLToPath(new URL('../discovery/programs/small-service.js', import.meta.url));
/** What a caller writes down: see discovery/programs/small-service.js. */
const asked = String.raw`^(?<timestamp>\S+) asked (?<destination>\S+) (?<path>\S+) (?<status>\d+) (?<duration>[\d.]+ms)$`;
const port = 9003;
/** Two undisturbed minutes, with all that may disturb one. */
const learntWithinMs = 600_000;

/** A ring in the lab on a real Redis, with one dependency: `web` at us1 calls `reports` at ap1. */
export interface ScenarioRing extends LabRing {
  /** Starts the store again, empty. */
  startStore(): Promise<void>;
  stopStore(): Promise<void>;
  /** How long `reports` takes for a request from now on, milliseconds. */
  delayReports(ms: number): void;
  /** Resolves when it is known what is usual from one location to another. */
  usualKnown(source: string, target: string): Promise<void>;
}

/** Starts one; it is not whole yet. Its members are as by default, but for `members`. */
export async function startScenarioRing(members: Record<string, string> = {}): Promise<ScenarioRing> {
  const folder = await mkdtemp(join(tmpdir(), 'netring-scenario-'));
  const log = join(folder, 'web.log');
  let store: LabProcess | undefined;
  let reports: LabProcess | undefined;
  const startStore = async (lab: Lab) => {
    const words = ['--port', '6379', '--save', '', '--appendonly', 'no', '--dir', folder];
    store = await lab.location('us1').spawn('redis-server', words);
    store.stdout?.resume();
  };
  const startProgram = async (where: Host, name: string, words: string[]) => {
    const script = join(folder, `${name}.mjs`);
    await copyFile(program, script);
    return where.spawn(process.execPath, [script, ...words], { cwd: folder });
  };
  const appLogs = [{ path: log, service: 'web', pattern: asked }];
  const discovers = { NETRING_DISCOVERY: 'true', NETRING_SAMPLE_INTERVAL: '1' };
  const ring = await startLabRing({
    registry: {
      NETRING_OPEN_READING: '1',
      NETRING_REDIS_URL: 'redis://127.0.0.1:6379',
      NETRING_TRAFFIC_USUAL_WINDOWS: '4',
      NETRING_USUAL_MINUTES: '2',
    },
    members,
    member: { us1: { ...discovers, NETRING_APP_LOGS: JSON.stringify(appLogs) }, ap1: discovers },
    async before(lab) {
      const [us1, ap1] = [lab.location('us1'), lab.location('ap1')];
      await startStore(lab);
      reports = await startProgram(ap1, 'reports', [`listen=${port}`]);
      await startProgram(us1, 'web', ['every=40', `log=${log}`, `http://${ap1.address}:${port}/`]);
    },
  });
  return {
    ...ring,
    startStore: () => startStore(ring.lab),
    async stopStore() {
      store?.kill('SIGKILL');
      await store?.exited;
    },
    delayReports: (ms) => void reports?.stdin?.write(`delay ${ms}\n`),
    async usualKnown(source, target) {
      await until(`what is usual from ${source} to ${target}`, learntWithinMs, async () => {
        const path = JSON.parse(await ring.reader.text(`/api/paths/${source}-a/${target}-a`)) as PathAnswer;
        return path.baselines.length > 0;
      });
    },
    async close() {
      await ring.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
