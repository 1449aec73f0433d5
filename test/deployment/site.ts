import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../redis/free-port.ts';

const deployment = fileURLToPath(new URL('../../deployment', import.meta.url));

/** What start.sh may run besides docker. */
const tools = [
  ...[
    'sh',
    'awk',
    'base64',
    'cat',
    'chmod',
    'cmp',
    'cp',
    'cut',
    'dirname',
    'grep',
    'gzip',
    'head',
    'hostname',
  ],
  ...['id', 'ip', 'mkdir', 'mktemp', 'mv', 'od', 'openssl', 'rm', 'sed', 'tail', 'touch', 'tr'],
];
const places = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/** Writes down what it is asked, and does nothing. */
const docker = `#!/bin/sh
echo "$(basename "$0") $*" >>"$ASKED"
[ "$1 $2" != 'compose version' ] || exit 1
[ "$1" != version ] || echo 20.10.24
`;
const notRunning = `#!/bin/sh
[ "$1" != version ] || { echo 'Cannot connect to the Docker daemon' >&2; exit 1; }
exit 1
`;

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The deployment folder as one datacenter has it, on a machine where Docker only writes down what it is asked. */
export interface Site {
  folder: string;
  /** Free ones, as somebody would choose who has others taken. */
  ports: Record<
    'REGISTRY_PORT' | 'MEMBER_PORT' | 'PROMETHEUS_PORT' | 'ALERTMANAGER_PORT' | 'GRAFANA_PORT',
    string
  >;
  /** `start.sh` or `stop.sh` with arguments; `uid` runs it as somebody else. */
  run(
    script: string,
    args?: readonly string[],
    options?: { environment?: object; uid?: number; input?: string },
  ): Promise<Ran>;
  /** Text of a file in it; empty when there is none. */
  read: (file: string) => string;
  /** A value of its .env. */
  setting(name: string): string | undefined;
  /** What docker and docker-compose were asked to do. */
  asked(): string[];
  /** Takes a program away, or puts another in its place. */
  without(program: string): void;
  replace(program: string, script: string): void;
  /** Puts this text into a file of it, or takes the file away. */
  write(file: string, text: string | undefined): void;
  /** Changes a value of its .env, as somebody would by hand. */
  change(name: string, value: string): void;
  dockerDoesNotRun(): void;
  remove(): void;
}

/** Makes one; its programs are those of this machine, but for docker. */
export async function makeSite(): Promise<Site> {
  const place = mkdtempSync(join(tmpdir(), 'netring-site-'));
  chmodSync(place, 0o755);
  const folder = join(place, 'deployment');
  const bin = join(place, 'bin');
  const asked = join(place, 'asked');
  for (const file of ['start.sh', 'stop.sh', 'lib', 'docker-compose.yml', 'docker-compose.member.yml'])
    cpSync(join(deployment, file), join(folder, file), { recursive: true });
  await mkdir(bin);
  for (const tool of [...tools, 'basename']) {
    const real = places.map((one) => join(one, tool)).find(existsSync);
    if (real !== undefined) symlinkSync(real, join(bin, tool));
  }
  const replace = (program: string, script: string) => {
    rmSync(join(bin, program), { force: true });
    writeFileSync(join(bin, program), script, { mode: 0o755 });
  };
  replace('docker', docker);
  replace('docker-compose', docker);
  const read = (file: string) =>
    existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '';
  const write = (file: string, text: string | undefined) =>
    text === undefined ? rmSync(join(folder, file)) : writeFileSync(join(folder, file), text);
  const ports = {
    REGISTRY_PORT: String(await freePort()),
    MEMBER_PORT: String(await freePort()),
    PROMETHEUS_PORT: String(await freePort()),
    ALERTMANAGER_PORT: String(await freePort()),
    GRAFANA_PORT: String(await freePort()),
  };
  return {
    folder,
    ports,
    read,
    replace,
    write,
    change: (name, value) =>
      write('.env', read('.env').replace(new RegExp(`^${name}=.*$`, 'm'), `${name}=${value}`)),
    run: (script, args = [], { environment = {}, uid, input } = {}) =>
      run(join(folder, script), args, {
        env: { PATH: bin, ASKED: asked, ...ports, ...environment },
        input,
        ...(uid !== undefined && { uid, gid: uid }),
      }),
    setting: (name) => new RegExp(`^${name}=(.*)$`, 'm').exec(read('.env'))?.[1],
    asked: () => (existsSync(asked) ? readFileSync(asked, 'utf8').split('\n').filter(Boolean) : []),
    without: (program) => rmSync(join(bin, program), { force: true }),
    dockerDoesNotRun: () => replace('docker', notRunning),
    remove: () => rmSync(place, { recursive: true, force: true }),
  };
}

function run(
  script: string,
  args: readonly string[],
  { input, ...options }: { env: NodeJS.ProcessEnv; uid?: number; gid?: number; input: string | undefined },
): Promise<Ran> {
  const child = spawn(script, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  // Most runs read nothing, and may be over before this is written.
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  const ran: Ran = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (ran.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (ran.stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...ran, code }));
  });
}
