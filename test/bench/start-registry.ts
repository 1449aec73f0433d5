import { startRedis, type Redis } from '../redis/index.ts';
import { startNode } from './program.ts';

/** One registry in a process of its own, on a real Redis of its own. */
export interface BenchRegistry {
  pid: number;
  port: number;
  url: string;
  redis: Redis;
  stop(): Promise<void>;
}

/** @param flags for Node, such as `--cpu-prof`. */
export async function startRegistry(
  environment: Record<string, string> = {},
  flags: readonly string[] = profilingFlags(),
): Promise<BenchRegistry> {
  const redis = await startRedis();
  const settings = { NETRING_SERVER_PORT: '0', NETRING_LOG_LEVEL: 'warn', NETRING_REDIS_URL: redis.url };
  const wanted = { ...settings, NETRING_LOG_LEVEL: 'info', ...environment };
  try {
    const program = await startNode('registry-process.ts', wanted, flags);
    const found = await program.printed(/"port":(\d+).*the registry listens/, 20_000);
    const url = `http://127.0.0.1:${found[1]}`;
    await ready(url);
    const stop = async () => {
      await program.stop();
      await redis.stop();
    };
    return { pid: program.pid, port: Number(found[1]), url, redis, stop };
  } catch (error) {
    await redis.stop();
    throw error;
  }
}

/** `NETRING_BENCH_PROFILE=folder`: the registry leaves a processor profile there. */
function profilingFlags(): string[] {
  const folder = process.env.NETRING_BENCH_PROFILE;
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}

async function ready(url: string): Promise<void> {
  const deadlineMs = Date.now() + 10_000;
  for (;;) {
    const answer = await fetch(`${url}/ready`).catch(() => undefined);
    if (answer?.status === 200) return;
    if (Date.now() > deadlineMs) throw new Error(`The registry at ${url} was not ready within 10 s.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
