import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Seconds of processor time that goaccess takes for a log in the combined form; `undefined` where it is not installed. */
export async function goaccessSeconds(log: string): Promise<number | undefined> {
  if (spawnSync('goaccess', ['--version'], { stdio: 'ignore' }).status !== 0) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'netring-goaccess-'));
  const report = join(folder, 'report.json');
  // The shell's own `time` counts what its children used.
  const script = `TIMEFORMAT='%U %S'; time goaccess "$0" --log-format=COMBINED --no-global-config --no-progress -o "$1" >/dev/null 2>&1`;
  const { stderr } = await promisify(execFile)('bash', ['-c', script, log, report]);
  await rm(folder, { recursive: true, force: true });
  const [user = NaN, system = NaN] = stderr.trim().split(/\s+/).map(Number);
  return user + system;
}
