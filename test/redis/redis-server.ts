import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askRedis } from './ask-redis.ts';
import { freePort } from './free-port.ts';
import { spawnTied } from './spawn-tied.ts';

export interface RedisSettings {
  /** More lines for redis.conf, such as `requirepass secret`. */
  configuration?: readonly string[];
  /** With which `flush` and `ask` introduce themselves; needed with `requirepass`. */
  password?: string;
  /** Runs as a Sentinel instead of a server. */
  sentinel?: boolean;
}

/** A real Redis on loopback that keeps nothing, and ends with the process that started it at the latest. */
export interface Redis {
  readonly url: string;
  readonly port: number;
  /** Another one after `restart`. */
  readonly pid: number;
  /** Sends one command line, and gives the raw answer. Rejects when that is an error. */
  ask(command: string): Promise<string>;
  /** Empties it behind everybody's back. */
  flush(): Promise<void>;
  /** Lets it end in its own way, and removes its folder. */
  stop(): Promise<void>;
  /** `kill -9`; it comes back with `restart`. */
  kill(): Promise<void>;
  /** Ends it by `kill -9` if it still runs, and starts it on the same port again, empty. */
  restart(): Promise<void>;
}

const startsWithinMs = 60_000;

/** Starts `redis-server` on a port of its own. Rejects with what it printed when it does not start. */
export async function startRedis(settings: RedisSettings = {}): Promise<Redis> {
  const folder = await mkdtemp(join(tmpdir(), 'netring-redis-'));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  const { port, ...first } = await startOnFreePort(folder, settings).catch(async (error: unknown) => {
    await removeFolder();
    throw error;
  });
  let server: Server = first;
  const ask = (command: string) => askRedis(port, command, settings.password);

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (server.child.exitCode !== null) return;
    const ended = once(server.child, 'exit');
    send(server.pid, signal);
    // One that was stopped by SIGSTOP hears no SIGTERM before this.
    send(server.pid, 'SIGCONT');
    await ended;
  }

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return server.pid;
    },
    ask,
    flush: async () => void (await ask('FLUSHALL')),
    async stop() {
      await end('SIGTERM');
      await removeFolder();
    },
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGKILL');
      const started = await startServer(folder, port, settings);
      if (started === 'port in use') throw new Error(`Port ${port} was taken while Redis was down.`);
      server = started;
    },
  };
}

/** Sends a signal to a process that may have ended just now. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

interface Server {
  child: ChildProcess;
  pid: number;
}

async function startOnFreePort(folder: string, settings: RedisSettings): Promise<Server & { port: number }> {
  for (;;) {
    const port = await freePort();
    const started = await startServer(folder, port, settings);
    if (started !== 'port in use') return { ...started, port };
  }
}

async function startServer(
  folder: string,
  port: number,
  settings: RedisSettings,
): Promise<Server | 'port in use'> {
  const place = [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`];
  const keepsNothing = settings.sentinel === true ? [] : ['save ""', 'appendonly no'];
  const file = join(folder, 'redis.conf');
  await writeFile(file, [...place, ...keepsNothing, ...(settings.configuration ?? []), ''].join('\n'));
  const options = settings.sentinel === true ? [file, '--sentinel'] : [file];

  const { child, pid, output } = await spawnTied(folder, 'redis-server', options);
  const deadlineMs = Date.now() + startsWithinMs;
  while (Date.now() < deadlineMs && child.exitCode === null) {
    // The port may answer for another server: ours is the one with our process id.
    const info = await askRedis(port, 'INFO server', settings.password).catch(() => '');
    if (info.includes(`process_id:${pid}\r\n`)) return { child, pid };
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  if (/address already in use/i.test(output())) return 'port in use';
  if (child.exitCode === null) process.kill(pid, 'SIGKILL');
  throw new Error(`redis-server did not start on port ${port} within ${startsWithinMs} ms:\n${output()}`);
}
