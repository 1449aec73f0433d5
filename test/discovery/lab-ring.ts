import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GraphAnswer } from '@netring/contract/graph';
import { networkPath, startLab, type Host, type Lab, type LabProcess } from '../lab/index.ts';
import { createReader, type Reader } from '../ring/ask.ts';
import { joinToken, viewToken } from '../ring/lab-ring.ts';
import { startService, type RunningService } from '../ring/running-service.ts';
import { patienceMs, until } from '../ring/until.ts';
import { buildNetring } from '../start/built-netring.ts';

const programs = new URL('programs/', import.meta.url);

/** A registry and members that discover, in a lab. */
export interface DiscoveryRing {
  lab: Lab;
  folder: string;
  reader: Reader;
  graph(): Promise<GraphAnswer>;
  /** Starts the member of a host. */
  startMember(host: Host, location: string, environment?: Record<string, string>): Promise<RunningService>;
  /** Runs a program of `programs/` under a name of its own; resolves when it runs. */
  startProgram(
    where: Pick<Host, 'spawn'>,
    program: 'small-service' | 'bulk' | 'asker',
    name: string,
    words: readonly string[],
  ): Promise<LabProcess>;
  logs: () => string;
  close(): Promise<void>;
}

/** Starts the registry, at us1, in a lab of this network. Members are to be started by whoever wants them. */
export async function startDiscoveryRing(
  network: string,
  registry: Record<string, string> = {},
): Promise<DiscoveryRing> {
  await buildNetring();
  const lab = await startLab(networkPath(network));
  const folder = await mkdtemp(join(tmpdir(), 'netring-graph-'));
  const services = new Map<string, RunningService>();
  const close = async () => {
    await lab.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const home = lab.location('us1');
    const tokens = { NETRING_TOKEN: joinToken, NETRING_VIEW_TOKEN: viewToken };
    const environment = { ...tokens, NETRING_DATA_DIR: join(folder, 'store'), ...registry };
    services.set('registry', await startService(home, 'registry', { folder, environment }));
    const reader = createReader(`http://127.0.0.1:${(await home.expose(8756)).port}`, viewToken);
    const logs = () => [...services].map(([name, one]) => `--- ${name}\n${one.log()}`).join('\n');
    await until('the registry answers', patienceMs, () => reader.text('/ready'), logs);
    return {
      lab,
      folder,
      reader,
      graph: async () => JSON.parse(await reader.text('/topology')) as GraphAnswer,
      async startMember(host, location, more = {}) {
        const own = {
          NETRING_LOCATION: location,
          NETRING_INSTANCE_ID: host.name,
          NETRING_REGISTRY_URL: `http://${home.address}:8756`,
          NETRING_BANDWIDTH_TEST_INTERVAL: '0',
          NETRING_REPORT_INTERVAL: '0.5',
          NETRING_CHECK_INTERVAL: '1',
          NETRING_SAMPLE_INTERVAL: '1',
        };
        const member = await startService(host, 'member', {
          folder,
          environment: { ...tokens, ...own, ...more },
        });
        services.set(host.name, member);
        return member;
      },
      async startProgram(where, program, name, words) {
        const script = join(folder, `${name}.mjs`);
        await copyFile(fileURLToPath(new URL(`${program}.js`, programs)), script);
        return where.spawn(process.execPath, [script, ...words], { cwd: folder });
      },
      logs,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
