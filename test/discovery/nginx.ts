import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host, LabProcess } from '../lab/index.ts';

/** Debian keeps servers where only root looks. */
const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` };

export function hasNginx(): boolean {
  return spawnSync('nginx', ['-v'], { env: { ...process.env, ...env }, stdio: 'ignore' }).status === 0;
}

/** Runs nginx before `upstreams`, logging in the format that docs/access-logs.md gives; says where it logs. */
export async function startNginx(
  host: Host,
  folder: string,
  port: number,
  upstreams: readonly string[],
): Promise<{ process: LabProcess; log: string }> {
  return startNginxOf(
    host,
    folder,
    `upstream behind { ${upstreams.map((one) => `server ${one};`).join(' ')} keepalive 4; keepalive_requests 1000000; }
      server {
        listen ${port};
        location / { proxy_pass http://behind; proxy_http_version 1.1; proxy_set_header Connection ""; }
      }`,
  );
}

/** The same with servers of one's own; `configure` gives it others while it runs. */
export async function startNginxOf(
  host: Host,
  folder: string,
  servers: string,
): Promise<{ process: LabProcess; log: string; configure(servers: string): Promise<void> }> {
  const own = join(folder, 'nginx');
  await mkdir(own);
  const docs = await readFile(new URL('../../docs/access-logs.md', import.meta.url), 'utf8');
  const format = /^log_format netring [^;]*;$/m.exec(docs)?.[0];
  if (format === undefined) throw new Error('docs/access-logs.md has no log_format for nginx');
  const log = join(own, 'access.json');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (what) => `${what}_temp_path ${own}/${what};`,
  );
  const file = join(own, 'nginx.conf');
  const write = (inner: string) =>
    writeFile(
      file,
      `
    daemon off; user root; worker_processes 1; pid ${own}/pid; error_log ${own}/error.log;
    events {}
    http {
      ${format}
      access_log ${log} netring;
      ${temporary.join(' ')}
      keepalive_requests 1000000; keepalive_timeout 600s;
      ${inner}
    }`,
    );
  await write(servers);
  const nginx = await host.spawn('nginx', ['-c', file, '-e', `${own}/error.log`], { env });
  return {
    process: nginx,
    log,
    async configure(inner) {
      await write(inner);
      nginx.kill('SIGHUP');
    },
  };
}
