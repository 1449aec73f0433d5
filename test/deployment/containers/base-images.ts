import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { filesOfPackages } from './debian-files.ts';
import type { Docker } from './dockerd.ts';

/** Names as the Dockerfiles and compose files ask for them. */
export const baseImages = {
  node: 'node:24-bookworm-slim',
  build: 'netring-test-build',
  redis: 'redis:7-bookworm',
} as const;

/** What Debian's slim image has, and what Dockerfile.member would add to it from a mirror. */
const slim = [
  'base-files',
  'base-passwd',
  'bash',
  'coreutils',
  'dash',
  'findutils',
  'grep',
  'gzip',
  'hostname',
  'sed',
  'tar',
];
const ofMember = ['util-linux', 'libstdc++6', 'iproute2', 'libcap2-bin'];
const ofBuild = ['g++', 'make', 'python3', 'ca-certificates', 'openssl'];

const users = `root:x:0:0:root:/root:/bin/bash
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
node:x:1000:1000::/home/node:/bin/bash
redis:x:999:999::/data:/usr/sbin/nologin
`;
const groups = 'root:x:0:\nnogroup:x:65534:\nnode:x:1000:\nredis:x:999:\n';

/**
 * Makes the images that ours are built from and run beside, out of what this machine has: no registry of images is asked.
 *
 * @param folder where files are put together; it is made, and gone afterwards
 */
export async function importBaseImages({ docker, environment }: Docker, folder: string): Promise<void> {
  try {
    const add = async (
      name: string,
      packages: readonly string[],
      extra: string,
      changes: readonly string[],
    ) => {
      await importImage(environment, name, filesOfPackages(packages), extra, changes);
    };
    const node = nodeFiles(join(folder, 'node'));
    await add(baseImages.node, [...slim, ...ofMember], node, [
      'ENV PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
    ]);
    const build = buildFiles(join(folder, 'build'), node);
    await add(baseImages.build, [...slim, ...ofMember, ...ofBuild], build, [
      'ENV PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin NODE_EXTRA_CA_CERTS=/etc/machine-ca.crt',
    ]);
    const redis = commonFiles(join(folder, 'redis'));
    mkdirSync(join(redis, 'data'));
    chownSync(join(redis, 'data'), 999, 999);
    await add(baseImages.redis, [...slim, 'redis-server'], redis, ['VOLUME /data', 'WORKDIR /data']);
    await docker('image', 'inspect', ...Object.values(baseImages));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function commonFiles(folder: string): string {
  mkdirSync(join(folder, 'etc'), { recursive: true });
  writeFileSync(join(folder, 'etc/passwd'), users);
  writeFileSync(join(folder, 'etc/group'), groups);
  mkdirSync(join(folder, 'tmp'));
  chmodSync(join(folder, 'tmp'), 0o1777);
  for (const empty of ['proc', 'sys', 'dev', 'run', 'root', 'home/node'])
    mkdirSync(join(folder, empty), { recursive: true });
  return folder;
}

/** Node and npm, in the places that the official image has them. */
function nodeFiles(folder: string): string {
  commonFiles(folder);
  const bin = join(folder, 'usr/local/bin');
  mkdirSync(bin, { recursive: true });
  cpSync(process.execPath, join(bin, 'node'));
  const npm = join(execFileSync('npm', ['root', '--global'], { encoding: 'utf8' }).trim(), 'npm');
  cpSync(npm, join(folder, 'usr/local/lib/node_modules/npm'), { recursive: true });
  for (const name of ['npm', 'npx'])
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(bin, name));
  return folder;
}

/** Also what npm needs to fetch and compile as it does on this machine. */
function buildFiles(folder: string, node: string): string {
  cpSync(node, folder, { recursive: true, verbatimSymlinks: true });
  const headers = join(dirname(dirname(process.execPath)), 'include/node');
  if (existsSync(headers)) cpSync(headers, join(folder, 'usr/local/include/node'), { recursive: true });
  const setting = (name: string) => execFileSync('npm', ['config', 'get', name], { encoding: 'utf8' }).trim();
  const bundles = [setting('cafile'), process.env.NODE_EXTRA_CA_CERTS, '/etc/ssl/certs/ca-certificates.crt'];
  const bundle = bundles.find((file) => file !== undefined && existsSync(file));
  if (bundle !== undefined) cpSync(bundle, join(folder, 'etc/machine-ca.crt'), { dereference: true });
  mkdirSync(join(folder, 'usr/local/etc'));
  const lines = [`registry=${setting('registry')}`, 'nodedir=/usr/local', 'update-notifier=false'];
  if (bundle !== undefined) lines.push('cafile=/etc/machine-ca.crt');
  writeFileSync(join(folder, 'usr/local/etc/npmrc'), `${lines.join('\n')}\n`);
  return folder;
}

async function importImage(
  environment: NodeJS.ProcessEnv,
  name: string,
  files: readonly string[],
  extra: string,
  changes: readonly string[],
): Promise<void> {
  const list = `${extra}.list`;
  // What is in `extra` stands in its place: Docker refuses a path that comes twice.
  const own = new Set(readdirSync(extra, { recursive: true }).map((path) => `/${String(path)}`));
  const others = files.filter((file) => !own.has(file));
  writeFileSync(list, others.map((file) => `.${file}\0`).join(''));
  const fromMachine = ['--no-recursion', '-C', '/', '--null', '-T', list];
  const tar = ['-c', '--numeric-owner', ...fromMachine, '--recursion', '-C', extra, '.'];
  const change = changes.flatMap((one) => ['--change', one]);
  const packing = spawn('tar', tar, { stdio: ['ignore', 'pipe', 'inherit'] });
  const importing = spawn('docker', ['import', ...change, '-', name], {
    env: { ...process.env, ...environment },
    stdio: [packing.stdout, 'ignore', 'inherit'],
  });
  const codes = await Promise.all(
    [packing, importing].map((child) => new Promise((resolve) => child.once('exit', resolve))),
  );
  if (codes.some((code) => code !== 0))
    throw new Error(`the image ${name} could not be made (${codes.join(', ')})`);
}
