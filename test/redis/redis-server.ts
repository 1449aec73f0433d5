import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askRedis } from './ask-redis.ts';
import { freePort } from './free-port.ts';
import { spawnTied } from './spawn-tied.ts';

export interface RedisSettings {
  /** More of redis-server's own options, such as `['--requirepass', 'secret']`. */
  options?: readonly string[];
  /** Sent by `flush` and while waiting for the start; needed with `--requirepass`. */
  password?: string;
}

/** A real Redis on loopback that keeps nothing, and ends with the process that started it at the latest. */
export interface Redis {
  readonly url: string;
  readonly port: number;
  /** Another one after `restart`. */
  readonly pid: number;
  /** Empties it behind everybody's back. */
  flush(): Promise<void>;
  /** Lets it end in its own way, and removes its folder. */
  stop(): Promise<void>;
  /** `kill -9`; comes back with `restart`. */
  kill(): Promise<void>;
  /** Ends it by `kill -9` if it still runs, and starts it again on the same port, empty. */
  restart(): Promise<void>;
}

const startsWithinMs = 10_000;

export async function startRedis(settings: RedisSettings = {}): Promise<Redis> {
  const folder = await mkdtemp(join(tmpdir(), 'netring-redis-'));
  const port = await startSomewhere();
  let server = port.server;

  async function startSomewhere(): Promise<{ number: number; server: Server }> {
    for (;;) {
      const number = await freePort();
      const started = await startServer(folder, number, settings);
      if (started !== 'port in use') return { number, server: started };
    }
  }

  async function kill(signal: NodeJS.Signals): Promise<void> {
    if (server.child.exitCode === null) {
      process.kill(server.pid, signal);
      // A stopped process does not hear SIGTERM.
      if (signal !== 'SIGKILL') process.kill(server.pid, 'SIGCONT');
      await once(server.child, 'exit');
    }
  }

  return {
    url: `redis://127.0.0.1:${port.number}`,
    port: port.number,
    get pid() {
      return server.pid;
    },
    async flush() {
      await askRedis(port.number, 'FLUSHALL', settings.password);
    },
    async stop() {
      await kill('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
    kill: () => kill('SIGKILL'),
    async restart() {
      await kill('SIGKILL');
      const started = await startServer(folder, port.number, settings);
      if (started === 'port in use') throw new Error(`Port ${port.number} was taken while Redis was down.`);
      server = started;
    },
  };
}

interface Server {
  child: ChildProcess;
  pid: number;
}

async function startServer(
  folder: string,
  port: number,
  settings: RedisSettings,
): Promise<Server | 'port in use'> {
  const quiet = ['--save', '', '--appendonly', 'no', '--daemonize', 'no', '--logfile', ''];
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const { child, pid, output } = await spawnTied('redis-server', [
    ...place,
    ...quiet,
    ...(settings.options ?? []),
  ]);
  const deadlineMs = Date.now() + startsWithinMs;
  while (Date.now() < deadlineMs && child.exitCode === null) {
    // The port may answer for another server: ours is the one with our process id.
    const info = await askRedis(port, 'INFO server', settings.password).catch(() => '');
    if (info.includes(`process_id:${pid}\r\n`)) return { child, pid };
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  if (/address already in use/i.test(output())) return 'port in use';
  process.kill(pid, 'SIGKILL');
  throw new Error(`redis-server did not start on port ${port} within ${startsWithinMs} ms:\n${output()}`);
}
