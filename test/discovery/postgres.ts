import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host, LabProcess } from '../lab/index.ts';

const versions = '/usr/lib/postgresql';

/** The folder of the newest PostgreSQL that Debian has installed. */
export function postgresPrograms(): string | undefined {
  if (!existsSync(versions)) return undefined;
  const folders = readdirSync(versions)
    .sort()
    .map((version) => join(versions, version, 'bin'));
  return folders.reverse().find((folder) => existsSync(join(folder, 'initdb')));
}

/** Runs a fresh PostgreSQL that lets everybody in, as its own user: it refuses to run as root. */
export async function startPostgres(host: Host, programs: string, folder: string): Promise<LabProcess> {
  const data = join(folder, 'postgres');
  await mkdir(data);
  await chmod(folder, 0o755);
  const { stdout } = await host.exec('id', ['-u', 'postgres']);
  const user = Number(stdout);
  await chown(data, user, user);
  const as = [`--reuid=${user}`, '--clear-groups'];
  const made = await host.exec(
    'setpriv',
    [...as, join(programs, 'initdb'), '-D', data, '-A', 'trust', '--no-sync', '-N', '--no-instructions'],
    { cwd: '/', timeoutMs: 120_000 },
  );
  if (made.code !== 0) throw new Error(`initdb: ${made.stderr}`);
  await host.exec('sh', ['-c', `echo 'host all all all trust' >> ${data}/pg_hba.conf`]);
  const how = ['-h', '0.0.0.0', '-k', '', '-F'];
  return host.spawn('setpriv', [...as, join(programs, 'postgres'), '-D', data, ...how], { cwd: '/' });
}
