import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { networkPath, startLab, type Lab, type Location } from '../../lab/index.ts';
import { spawnTied } from '../../redis/spawn-tied.ts';
import { baseImages, importBaseImages } from './base-images.ts';
import { startDockerd, type Docker } from './dockerd.ts';
import { removeAfterUs } from './keeper.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const scriptWithinMs = 120_000;
const stopsWithinMs = 20_000;

/** A datacenter: a machine with a Docker of its own, and the deployment folder. */
export interface Datacenter {
  location: Location;
  docker: Docker;
  folder: string;
  /** Runs start.sh or stop.sh on its machine; its output. @throws Error with what it said */
  script(name: string, ...args: string[]): Promise<string>;
  setting(name: string): string;
  /** Mounts this as the member's YAML, from the next script on. */
  configureMember(text: string): void;
  /** The id of a service's container. */
  container(service: string): Promise<string>;
}

/** Two datacenters with a WAN between them, on this machine. */
export interface Datacenters {
  one: Datacenter;
  two: Datacenter;
  /** What took how long, in order. */
  tookMs: Record<string, number>;
  close(): Promise<void>;
}

/**
 * Builds the images where packages can be fetched, then brings up two machines that have them. Who works on these tests
 * names a folder in NETRING_TEST_IMAGES, and builds once for many runs.
 */
export async function startDatacenters(): Promise<Datacenters> {
  const folder = process.env.NETRING_TEST_IMAGES ?? mkdtempSync(join(tmpdir(), 'netring-docker-'));
  const isKept = process.env.NETRING_TEST_IMAGES !== undefined;
  const controlGroup = `netring-test-${process.pid}`;
  removeAfterUs(isKept ? join(folder, 'two') : folder, controlGroup);
  const tookMs: Record<string, number> = {};
  const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const startedMs = performance.now();
    const value = await work();
    tookMs[what] = Math.round(performance.now() - startedMs);
    return value;
  };
  let lab: Lab | undefined;
  const dockers: Docker[] = [];
  const close = async () => {
    await Promise.all(dockers.map((one) => one.stop()));
    await lab?.close();
    const gone = isKept ? [join(folder, 'one/deployment'), join(folder, 'two')] : [folder];
    for (const one of gone) rmSync(one, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  try {
    const first = join(folder, 'one');
    if (!isKept || !existsSync(join(folder, 'built'))) {
      await buildImages(first, controlGroup, timed);
      writeFileSync(join(folder, 'built'), '');
    }
    lab = await startLab(networkPath('two-sites'));
    const [one, two] = await timed('two machines', () =>
      Promise.all(
        ['one', 'two'].map(async (name) => {
          const made = await makeDatacenter((lab as Lab).location(name), join(folder, name), controlGroup);
          dockers.push(made.docker);
          return made;
        }),
      ),
    );
    if (one === undefined || two === undefined) throw new Error('there must be two');
    await timed('image to the second', () => one.docker.give('netring-member:latest', two.docker));
    return { one, two, tookMs, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function buildImages(
  folder: string,
  controlGroup: string,
  timed: <T>(what: string, work: () => Promise<T>) => Promise<T>,
): Promise<void> {
  const builder = await startBuilder(folder, controlGroup);
  try {
    await timed('base images', () => importBaseImages(builder, join(folder, 'base')));
    for (const name of ['registry', 'member']) {
      await timed(`image of the ${name}`, () =>
        builder.docker(
          ...['build', '--network', 'host', '--build-arg', `BUILD_IMAGE=${baseImages.build}`],
          ...['-f', join(root, `docker/Dockerfile.${name}`), '-t', `netring-${name}:latest`, root],
        ),
      );
    }
  } finally {
    await builder.stop();
  }
}

/** What the images are labelled with. */
export function version(): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}

/** It touches nothing of this machine's network: builds use it as any program does. */
async function startBuilder(folder: string, controlGroup: string): Promise<Docker> {
  mkdirSync(folder, { recursive: true });
  const options = [
    '--bridge',
    'none',
    '--iptables=false',
    '--ip-forward=false',
    '--cgroup-parent',
    controlGroup,
  ];
  return startDockerd(folder, options, async (program, args) => {
    const isolated = ['--mount', '--pid', '--fork', '--kill-child=SIGKILL', '--mount-proc'];
    const { child, pid, output } = await spawnTied(join(folder, 'exec'), 'unshare', [
      ...isolated,
      program,
      ...args,
    ]);
    return { output, stop: () => ended(child, pid) };
  });
}

/** The process that was forked is dockerd itself, and stops what it has begun; the one that forked it only waits. */
async function ended(child: ChildProcess, pid: number): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  for (const one of children) if (one !== '') process.kill(Number(one), 'SIGTERM');
  const force = setTimeout(() => process.kill(pid, 'SIGKILL'), stopsWithinMs);
  await gone;
  clearTimeout(force);
}

async function makeDatacenter(location: Location, folder: string, controlGroup: string): Promise<Datacenter> {
  const docker = await startDockerd(folder, ['--cgroup-parent', controlGroup], async (program, args) => {
    const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
    const daemon = await location.spawn(program, args, { env: { PATH: path } });
    let output = '';
    for (const stream of [daemon.stdout, daemon.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    return {
      output: () => output,
      stop() {
        daemon.kill('SIGTERM');
        return daemon.exited;
      },
    };
  });
  const place = join(folder, 'deployment');
  cpSync(join(root, 'deployment'), place, { recursive: true });
  for (const made of ['.env', 'certs']) rmSync(join(place, made), { recursive: true, force: true });
  const setting = (name: string) =>
    new RegExp(`^${name}=(.*)$`, 'm').exec(readFileSync(join(place, '.env'), 'utf8'))?.[1] ?? '';
  const mounted = 'docker-compose.mounted.yml';
  return {
    location,
    docker,
    configureMember(text) {
      writeFileSync(join(place, 'member.yaml'), text);
      const volume = './member.yaml:/app/config/member.yaml:ro';
      writeFileSync(join(place, mounted), `services: { member: { volumes: ['${volume}'] } }\n`);
    },
    folder: place,
    setting,
    async script(name, ...args) {
      const files = existsSync(join(place, mounted)) && {
        COMPOSE_FILE: `docker-compose.member.yml:${mounted}`,
      };
      const options = { env: { ...docker.environment, ...files }, cwd: place, timeoutMs: scriptWithinMs };
      const { code, stdout, stderr } = await location.exec(join(place, name), args, options);
      if (code !== 0) throw new Error(`${name} ${args[0] ?? ''} ended with ${code}:\n${stdout}${stderr}`);
      return stdout;
    },
    container: (service) =>
      docker.docker('ps', '-aq', '--no-trunc', '--filter', `label=com.docker.compose.service=${service}`),
  };
}
