import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { redisUnavailableReason, startRedis } from './index.ts';

const reason = redisUnavailableReason();

const loader = new URL('../store/run-source.js', import.meta.url).pathname;
const program = `
  import { startRedis } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)};
  const redis = await startRedis();
  console.log(redis.pid, (await redis.ask('CONFIG GET dir')).trim().split('\\r\\n').at(-1));
  setInterval(() => {}, 1000);
`;

describe.skipIf(reason !== undefined)(`a Redis for tests${reason ? ` (skipped: ${reason})` : ''}`, () => {
  test('does not outlive the process that started it, even one that is killed', async () => {
    const options = ['--import', loader, '--input-type=module', '--eval', program];
    const owner = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [pid, folder] = await new Promise<string[]>((resolve) => {
      owner.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim().split(' ')));
    });
    const left = () => [`/proc/${pid}`, String(folder)].filter((path) => existsSync(path));
    expect(left()).toHaveLength(2);
    owner.kill('SIGKILL');
    await expect.poll(left, { timeout: 60_000 }).toEqual([]);
  });

  test('comes back empty on its port after it was killed, as another process', async () => {
    const redis = await startRedis();
    const { pid, port } = redis;
    await redis.ask('SET key value');
    await redis.kill();
    await expect(redis.ask('PING')).rejects.toThrow('ECONNREFUSED');
    await redis.restart();
    expect(redis.pid).not.toBe(pid);
    expect(redis.port).toBe(port);
    expect(await redis.ask('EXISTS key')).toBe(':0\r\n');
    await redis.stop();
  });

  test('has a port of its own when several are started at once', async () => {
    const several = await Promise.all(Array.from({ length: 5 }, () => startRedis()));
    expect(new Set(several.map(({ port }) => port)).size).toBe(5);
    await Promise.all(several.map((redis) => redis.stop()));
  });

  test('says what redis-server printed when it does not start', async () => {
    await expect(startRedis({ configuration: ['no-such-setting yes'] })).rejects.toThrow('no-such-setting');
  });
});
