import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis, type Redis } from '../redis/index.ts';
import { startNode } from './program.ts';

/** One registry in a process of its own. */
export interface BenchRegistry {
  pid: number;
  port: number;
  url: string;
  stop(): Promise<void>;
}

export type RedisRegistry = BenchRegistry & { redis: Redis };

/**
 * A registry on a real Redis of its own.
 *
 * @param flags for Node, such as `--cpu-prof`.
 */
export async function startRegistry(
  environment: Record<string, string> = {},
  flags: readonly string[] = profilingFlags(),
): Promise<RedisRegistry> {
  const redis = await startRedis();
  try {
    const registry = await startProgram({ NETRING_REDIS_URL: redis.url, ...environment }, flags);
    const stop = async () => {
      await registry.stop();
      await redis.stop();
    };
    return { ...registry, redis, stop };
  } catch (error) {
    await redis.stop();
    throw error;
  }
}

/** A registry on the embedded store in a folder of its own: nothing but members speak to it over the network. */
export async function startEmbeddedRegistry(): Promise<BenchRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'netring-bench-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const registry = await startProgram({ NETRING_DATA_DIR: folder }, profilingFlags());
    const stop = async () => {
      await registry.stop();
      await remove();
    };
    return { ...registry, stop };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function startProgram(
  environment: Record<string, string>,
  flags: readonly string[],
): Promise<BenchRegistry> {
  const settings = { NETRING_SERVER_PORT: '0', NETRING_LOG_LEVEL: 'info', ...environment };
  const program = await startNode('registry-process.ts', settings, flags);
  const found = await program.printed(/"port":(\d+).*the registry listens/, 90_000);
  const url = `http://127.0.0.1:${found[1]}`;
  await ready(url);
  return { pid: program.pid, port: Number(found[1]), url, stop: () => program.stop() };
}

/** `NETRING_BENCH_PROFILE=folder`: the registry leaves a processor profile there. */
export function profilingFlags(): string[] {
  const folder = process.env.NETRING_BENCH_PROFILE;
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}

/** As `docs/operating.md` advises for a large ring: what reports bring lives for some seconds, and dies young then. */
export const largeRingFlags = ['--max-semi-space-size=64'];

async function ready(url: string): Promise<void> {
  const deadlineMs = Date.now() + 60_000;
  for (;;) {
    const answer = await fetch(`${url}/ready`).catch(() => undefined);
    if (answer?.status === 200) return;
    if (Date.now() > deadlineMs) throw new Error(`The registry at ${url} was not ready within 10 s.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
