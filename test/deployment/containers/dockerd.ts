import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { labUnavailableReason } from '../../lab/index.ts';
import { patienceMs, until } from '../../ring/until.ts';

const run = promisify(execFile);
const mostOutputBytes = 1 << 26;

/** Debian's where it is there, which is as old as its daemon. */
const client = ['/usr/bin/docker', '/usr/local/bin/docker'].find(existsSync) ?? 'docker';

/** A running dockerd, and the way to speak to it. */
export interface Docker {
  /** For `docker` and `docker-compose`: speak to this one. */
  environment: { DOCKER_HOST: string };
  /** Runs `docker …` and gives what it printed. @throws Error with what it said instead */
  docker: (...args: readonly string[]) => Promise<string>;
  /** Copies an image into another one's store. */
  give(image: string, to: Docker): Promise<void>;
  /** Stops it, and waits until it is gone with all its containers. */
  stop(): Promise<void>;
}

/** A process that was started, however: in a lab, or tied to this process. */
export interface Started {
  output: () => string;
  stop(): Promise<unknown>;
}

/** Why none can be started here; undefined when one can. */
export function dockerUnavailableReason(): string | undefined {
  const programs = [
    ['dockerd', 'docker.io'],
    ['docker-compose', 'docker-compose'],
    ['iptables', 'iptables'],
    ['openssl', 'openssl'],
    ['dpkg-query', 'dpkg: images are made of what a Debian has'],
  ] as const;
  const missing = programs.find(([program]) => spawnSync('which', [program]).status !== 0);
  if (missing !== undefined) return `it needs ${missing[0]} (Debian: ${missing[1]})`;
  const inLab = labUnavailableReason();
  if (inLab !== undefined) return inLab;
  const nat = spawnSync('unshare', ['--net', 'iptables', '-t', 'nat', '-S']);
  return nat.status === 0 ? undefined : 'this kernel translates no addresses (iptables -t nat fails)';
}

/**
 * Starts a dockerd that keeps everything in `folder`, and waits until it answers.
 *
 * @param start runs the command where it is to run: nothing else is isolated by this
 */
export async function startDockerd(
  folder: string,
  options: readonly string[],
  start: (program: string, args: string[]) => Promise<Started>,
): Promise<Docker> {
  // What one that was killed has left behind would keep the next from starting.
  for (const old of ['docker.pid', 'docker.sock', 'exec'])
    rmSync(join(folder, old), { recursive: true, force: true });
  const socket = `unix://${join(folder, 'docker.sock')}`;
  const daemon = await start('dockerd', [
    ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')],
    ...['--pidfile', join(folder, 'docker.pid'), '--host', socket],
    ...['--storage-driver', 'overlay2', '--log-level', 'warn', '--shutdown-timeout', '20', ...options],
  ]);
  const environment = { DOCKER_HOST: socket };
  // Debian's client has BuildKit built in, which copies no layer twice; a newer one would need a plugin.
  const env = { ...process.env, ...environment, DOCKER_BUILDKIT: client.startsWith('/usr/bin/') ? '1' : '0' };
  const docker = async (...args: readonly string[]) => {
    const { stdout } = await run(client, args, { env, maxBuffer: mostOutputBytes });
    return stdout.trim();
  };
  await until(
    'dockerd answers',
    patienceMs,
    () => docker('version', '--format', '{{.Server.Version}}'),
    daemon.output,
  );
  return {
    environment,
    docker,
    async give(image, to) {
      const saving = spawn(client, ['save', image], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      const loading = spawn(client, ['load'], {
        env: { ...env, ...to.environment },
        stdio: ['pipe', 'ignore', 'inherit'],
      });
      const loaded = new Promise((resolve) => loading.once('close', resolve));
      await pipeline(saving.stdout, loading.stdin);
      if ((await loaded) !== 0) throw new Error(`docker load of ${image} failed`);
    },
    async stop() {
      await daemon.stop();
    },
  };
}
