import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeLab } from './describe-lab.ts';
import { labFolder, networkPath } from './programs.ts';

const options: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2023,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

/** The lab as JavaScript, for an owner that is a process of its own and can be killed. */
async function compileLab(folder: string): Promise<void> {
  const sources = (await readdir(labFolder())).filter((file) => /(?<!test)\.ts$/.test(file));
  for (const file of sources) {
    const source = await readFile(join(labFolder(), file), 'utf8');
    const { outputText } = ts.transpileModule(source, { compilerOptions: options });
    await writeFile(join(folder, file.replace(/ts$/, 'js')), outputText);
  }
}

const ownerSource = `
  import { startLab } from './index.js';
  const lab = await startLab(process.argv[2]);
  const us1 = lab.location('us1');
  await us1.expose(8080);
  await us1.spawn('sh', ['-c', 'trap "" TERM HUP INT; sleep 1111 & setsid sleep 2222 & sleep 3333']);
  await lab.location('eu1').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  process.on('SIGUSR2', () => void lab.close().then(() => process.exit(0)));
  console.log('running');`;

/** Processes by id, each with its parent and the namespaces that a lab makes. */
async function processes(): Promise<Map<number, { parent: number; namespaces: string }>> {
  const found = new Map<number, { parent: number; namespaces: string }>();
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      const kinds = ['net', 'pid', 'mnt', 'uts'];
      const links = await Promise.all(kinds.map((kind) => readlink(`/proc/${pid}/ns/${kind}`)));
      found.set(Number(pid), {
        parent: Number(stat.split(') ').pop()?.split(' ')[1]),
        namespaces: links.join(' '),
      });
    } catch {
      // it ended while we looked
    }
  }
  return found;
}

/** An owner's processes: its descendants, and whatever lives in a namespace that one of them is in and we are not. */
async function family(owner: number): Promise<number[]> {
  const all = await processes();
  const ours = all.get(process.pid)?.namespaces;
  const members = new Set([owner]);
  for (let size = 0; size < members.size;) {
    size = members.size;
    const places = new Set(
      [...members].map((pid) => all.get(pid)?.namespaces).filter((place) => place !== ours),
    );
    for (const [pid, { parent, namespaces }] of all) {
      if (members.has(parent) || places.has(namespaces)) members.add(pid);
    }
  }
  return [...members];
}

async function outside(): Promise<unknown> {
  const mounts = await readFile('/proc/self/mounts', 'utf8');
  return { interfaces: Object.keys(networkInterfaces()), devices: await readdir('/sys/class/net'), mounts };
}

describeLab('the end of a lab', () => {
  let folder: string;
  let owner: ChildProcess;
  beforeEach(async () => {
    const built = join(labFolder(), '..', 'dist');
    await mkdir(built, { recursive: true });
    folder = await mkdtemp(join(built, 'lab-'));
    await compileLab(folder);
    await writeFile(join(folder, 'owner.js'), ownerSource);
  });
  afterEach(async () => {
    owner?.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });

  it.each(['SIGKILL', 'SIGTERM', 'SIGUSR2'] as const)('nothing is left behind after %s', async (signal) => {
    const before = await outside();
    owner = spawn(process.execPath, [join(folder, 'owner.js'), networkPath('three-sites')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => owner.stdout?.once('data', resolve));
    let members: number[] = [];
    const counted = async () => (members = await family(owner.pid ?? 0)).length;
    // The owner, 3 routers, 3 holders with their init, 3 forwarders, a relay, 2 wrappers, the shell's 4 and a
    // server. The shell starts its own in its own time, after it was started itself.
    await expect.poll(counted, { timeout: 30_000 }).toBeGreaterThanOrEqual(21);
    const gone = new Promise((resolve) => owner.once('exit', resolve));
    owner.kill(signal);
    await gone;
    const remaining = async () => {
      const alive = await processes();
      return members.filter((pid) => alive.has(pid));
    };
    await expect.poll(remaining).toEqual([]);
    await expect.poll(outside).toEqual(before);
  });
});
