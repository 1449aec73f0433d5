import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { patienceMs, until } from '../ring/until.ts';

const netring = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url));

/** `netring registry` or `netring member`, as built, on this machine's loopback. */
export interface TlsProcess {
  /** Its kernel-chosen port, once it listens. */
  port(): Promise<number>;
  log: () => string;
  /** Has it read its certificates again. */
  hangUp(): void;
  /** A goodbye. */
  stop(): Promise<void>;
}

/** Starts one; nothing of our own settings is around it. */
export function startProcess(
  kind: 'registry' | 'member',
  folder: string,
  environment: Record<string, string>,
): TlsProcess {
  const others = Object.entries(process.env).filter(
    ([name]) => !/^(NETRING_|VITEST|NODE_OPTIONS)/.test(name),
  );
  const env = { ...Object.fromEntries(others), NODE_ENV: 'production', ...environment };
  const child: ChildProcess = spawn(process.execPath, [netring, kind], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  return {
    async port() {
      const said = /"port":(\d+).*(?:the registry listens|member is running)/;
      const { value } = await until(
        `${kind} listens`,
        patienceMs,
        () => {
          if (isOver()) throw new Error(`${kind} has ended`);
          return Promise.resolve(said.exec(log)?.[1]);
        },
        () => log,
      );
      return Number(value);
    },
    log: () => log,
    hangUp: () => void child.kill('SIGHUP'),
    async stop() {
      if (isOver()) return;
      const over = once(child, 'exit');
      child.kill('SIGTERM');
      await over;
    },
  };
}
