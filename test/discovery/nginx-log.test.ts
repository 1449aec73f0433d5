import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { createServer as createDoor, type AddressInfo, type Server as Door } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAccessLogs } from '@netring/member/discovery/access-logs/index';
import { createLogger } from '@netring/service/log';
import { afterEach, describe, expect, test } from 'vitest';
import { mapperCollector } from './mapper-collector.ts';

const hasNginx = spawnSync('nginx', ['-v'], { env: programs(), stdio: 'ignore' }).status === 0;
let nginx: ChildProcess | undefined;
let folder: string;
const servers: (Server | Door)[] = [];

afterEach(async () => {
  if (nginx?.exitCode === null) {
    const ended = once(nginx, 'exit');
    nginx.kill('SIGTERM');
    await ended;
  }
  for (const server of servers.splice(0)) server.close();
  await rm(folder, { recursive: true, force: true });
});

describe.skipIf(!hasNginx)(`a real nginx${hasNginx ? '' : ' (skipped: nginx is not installed)'}`, () => {
  test('logs its tries in the documented format, and each is counted', async () => {
    folder = await mkdtemp(join(tmpdir(), 'netring-nginx-'));
    // Takes connections and breaks them off: nginx then tries the next server.
    const broken = await listening(createDoor((socket) => socket.destroy()));
    const good = await listening(createServer((_, response) => setTimeout(() => response.end('hello'), 20)));
    const path = join(folder, 'access.json');
    await startNginx(broken, good);
    const collector = mapperCollector();
    const logs = startAccessLogs({
      collector,
      sources: [{ path, format: 'nginx-json', service: 'edge' }],
      log: createLogger('member', 'error'),
      from: 'start',
      pollMs: 20,
    });
    for (let n = 0; n < 3; n++) await ask(`/users/${n}?token=secret`);
    await expect.poll(() => collector.books[0]?.taken).toBe(4);
    await logs.stop();
    const { dependencies } = collector.mapper.generateTopologyMap();
    const counts = Object.fromEntries(
      dependencies.map((one) => [one.target_service, [one.request_count, one.transport_failures]]),
    );
    // It asks them in turn: how often the broken one comes first is nginx's affair.
    expect(counts[`address:127.0.0.1:${good}`]).toEqual([4, 0]);
    const [tries = 0, failures] = counts[`address:127.0.0.1:${broken}`] ?? [];
    expect(tries).toBeGreaterThan(0);
    expect(failures).toBe(tries);
    const slow = dependencies.find((one) => one.target_service.endsWith(`:${good}`));
    expect(slow?.avg_latency_ms).toBeGreaterThanOrEqual(15);
    expect(collector.summed().connectMs).toBeGreaterThanOrEqual(0);
    expect(collector.books[0]?.rejected).toEqual({});
  });
});

async function listening(server: Server | Door): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** With the format of docs/access-logs.md, at a socket of its own: no port to be lucky with. */
async function startNginx(broken: number, good: number): Promise<void> {
  const docs = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'access-logs.md'), 'utf8');
  const format = /^log_format netring[^;]*;$/m.exec(docs)?.[0] ?? '';
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((one) => `${one}_temp_path ${folder}/${one};`)
    .join('\n');
  const config = `
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
    events {}
    http {
      ${temporary}
      ${format}
      access_log ${folder}/access.json netring;
      upstream users { server 127.0.0.1:${broken} max_fails=0; server 127.0.0.1:${good} max_fails=0; }
      server { listen unix:${folder}/socket; location / { proxy_pass http://users; } }
    }`;
  await writeFile(join(folder, 'nginx.conf'), config);
  nginx = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log'), '-p', folder], {
    env: programs(),
    stdio: 'ignore',
  });
  await expect.poll(() => ask('/begin').catch((error: Error) => error.message)).toBe(200);
}

function ask(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath: join(folder, 'socket'), path }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    asking.on('error', reject);
    asking.end();
  });
}

/** Debian keeps it where only root looks. */
function programs(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };
}
