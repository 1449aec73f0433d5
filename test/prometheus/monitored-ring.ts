import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { LabProcess, Location } from '../lab/index.ts';
import { startFurtherMember, type Further } from '../ring/further-members.ts';
import { startLabRing, viewToken, type LabRing, type RingOptions } from '../ring/lab-ring.ts';
import type { RunningService } from '../ring/running-service.ts';
import { until } from '../ring/until.ts';
import { runNetring } from '../start/built-netring.ts';
import { askPrometheus, type Sample } from './ask-prometheus.ts';
import { deployedText, reworded } from './deployed-files.ts';
import { startReceiver, type Receiver } from './received.ts';

/** How fast everything goes: as deployed, or so that a test sees the end of it. */
export interface Pace {
  /** For `netring rules`. */
  rules: Record<string, string>;
  prometheus: readonly (readonly [string, string])[];
  alertmanager: readonly (readonly [string, string])[];
}

/** A ring in the lab with Prometheus, Alertmanager and a webhook receiver at us1, all by the files of `deployment/`. */
export interface MonitoredRing extends LabRing {
  receiver: Receiver;
  /** Samples of an instant query. */
  query: (expression: string) => Promise<Sample[]>;
  /** What Alertmanager holds, by the state it is in. */
  suppressed(): Promise<Record<string, string>[]>;
  /** Further members at us1 that neither discover nor test bandwidth: what happens to them disturbs nobody. */
  further: (id: Further) => RunningService;
  startFurther(id: Further): Promise<void>;
  told: () => string;
}

/** Starts one, and waits until Prometheus reaches everybody. */
export async function startMonitoredRing(pace: Pace, options: RingOptions): Promise<MonitoredRing> {
  const ring = await startLabRing(options);
  try {
    return await watched(ring, pace, options);
  } catch (error) {
    await ring.close();
    throw error;
  }
}

async function watched(ring: LabRing, pace: Pace, { members }: RingOptions): Promise<MonitoredRing> {
  const us1 = ring.lab.location('us1');
  const started = new Map<Further, RunningService>();
  const startFurther = async (id: Further) =>
    void started.set(id, await startFurtherMember(ring, id, members));
  const receiver = await startReceiver(us1, 9099);
  const [logs] = await Promise.all([
    Promise.all([startPrometheus(us1, ring, pace), startAlertmanager(us1, ring, pace)]),
    startFurther('us1-b'),
    startFurther('us1-c'),
  ]);
  const [prometheus, alertmanager] = await Promise.all([us1.expose(9090), us1.expose(9093)]);
  const monitored: MonitoredRing = {
    ...ring,
    receiver,
    query: (expression) => askPrometheus(`127.0.0.1:${prometheus.port}`, expression),
    suppressed: () => suppressedAt(alertmanager.port),
    further(id) {
      const found = started.get(id);
      if (found === undefined) throw new Error(`${id} was not started`);
      return found;
    },
    startFurther,
    told: () =>
      [
        ...receiver.messages().map((one) => JSON.stringify(one)),
        ...logs.map((log) => log().slice(-2000)),
        ring.logs().slice(-4000),
      ].join('\n'),
  };
  await everybodyReached(monitored);
  return monitored;
}

/** Prometheus looks every half a minute as it is deployed. */
const patienceMs = 150_000;

async function everybodyReached({ query, told }: MonitoredRing): Promise<void> {
  const everybody = ['ap1-a', 'eu1-a', 'us1-a', 'us1-b', 'us1-c'].join();
  await until(
    'Prometheus reaches all members',
    patienceMs,
    async () => {
      const up = await query('up{job="netring"} == 1');
      const names = up.map(({ metric }) => metric.instance).sort();
      return names.join() === everybody;
    },
    told,
  );
}

async function startPrometheus(where: Location, ring: LabRing, pace: Pace): Promise<() => string> {
  const token = join(ring.folder, 'view-token');
  const file = join(ring.folder, 'prometheus.yml');
  await writeFile(token, viewToken);
  const config = reworded(deployedText('prometheus/prometheus-no-tls.yml'), [
    ['registry:8756', `${where.address}:8756`],
    ['alertmanager:9093', '127.0.0.1:9093'],
    ['/run/secrets/netring_view_token', token],
    ...pace.prometheus,
  ]);
  await writeFile(file, config);
  const output = join(ring.folder, 'alerts.yml');
  const { code, stderr } = await runNetring(['rules', '--output', output], {
    folder: ring.folder,
    environment: pace.rules,
  });
  if (code !== 0) throw new Error(`netring rules: ${stderr}`);
  return logOf(
    await where.spawn('prometheus', [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(ring.folder, 'prometheus')}`,
      '--web.listen-address=0.0.0.0:9090',
    ]),
  );
}

async function startAlertmanager(where: Location, ring: LabRing, pace: Pace): Promise<() => string> {
  const file = join(ring.folder, 'alertmanager.yml');
  const config = reworded(deployedText('alertmanager/alertmanager.yml'), [
    ['http://alert-receiver.invalid/netring', 'http://127.0.0.1:9099/'],
    ...pace.alertmanager,
  ]);
  await writeFile(file, config);
  return logOf(
    await where.spawn('prometheus-alertmanager', [
      `--config.file=${file}`,
      `--storage.path=${join(ring.folder, 'alertmanager')}`,
      '--web.listen-address=0.0.0.0:9093',
      // Alone, and without waiting for others.
      '--cluster.listen-address=',
    ]),
  );
}

function logOf(child: LabProcess): () => string {
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  return () => log;
}

const held = z.array(
  z.object({ labels: z.record(z.string(), z.string()), status: z.object({ state: z.string() }) }),
);

async function suppressedAt(port: number): Promise<Record<string, string>[]> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v2/alerts`, {
    signal: AbortSignal.timeout(10_000),
  });
  return held
    .parse(await answer.json())
    .filter(({ status }) => status.state === 'suppressed')
    .map(({ labels }) => labels);
}
