import { spawnSync } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { RoundKind } from '@netring/member/probe/index';
import { freePort } from '../../redis/free-port.ts';
import { openLine, type HttpLine } from '../http-line.ts';
import { cpuSeconds } from '../process-cost.ts';
import { startProgram, type Program } from '../program.ts';

const program = 'prometheus-blackbox-exporter';

const configuration = `modules:
  tcp: { prober: tcp, timeout: 2s, tcp: { preferred_ip_protocol: ip4 } }
  http: { prober: http, timeout: 2s, http: { preferred_ip_protocol: ip4 } }
`;

/** Asked by so many at once, it has work all the time. */
const lines = 16;

/** Why the peer cannot run here; `undefined` when it can. */
export function blackboxUnavailableReason(): string | undefined {
  const found = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (found.error === undefined && found.status === 0) return undefined;
  return `${program} is not installed (Debian: apt-get install ${program})`;
}

export interface Blackbox {
  /** Has a target probed again and again; how many of the probes succeeded, and at what cost. */
  probe(kind: RoundKind, port: number, seconds: number): Promise<{ ok: number; cpuSeconds: number }>;
  stop(): Promise<void>;
}

export async function startBlackbox(): Promise<Blackbox> {
  const folder = await mkdtemp(join(tmpdir(), 'netring-bench-'));
  const file = join(folder, 'blackbox.yml');
  await writeFile(file, configuration);
  const port = await freePort();
  const options = [`--config.file=${file}`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'];
  const exporter = await startProgram(program, options, folder);
  const opened = await linesTo(port, exporter);
  return {
    async probe(kind, target, seconds) {
      const path = `/probe?module=${kind}&target=${kind === 'http' ? 'http://' : ''}127.0.0.1:${target}`;
      const before = cpuSeconds(exporter.pid);
      const endsMs = performance.now() + seconds * 1000;
      const counts = await Promise.all(opened.map((line) => askUntil(line, path, endsMs)));
      return {
        ok: counts.reduce((sum, count) => sum + count, 0),
        cpuSeconds: cpuSeconds(exporter.pid) - before,
      };
    },
    async stop() {
      for (const line of opened) line.close();
      await exporter.stop();
    },
  };
}

async function linesTo(port: number, exporter: Program): Promise<HttpLine[]> {
  for (let tries = 0; ; tries++) {
    try {
      return await Promise.all(Array.from({ length: lines }, () => openLine(port)));
    } catch (error) {
      if (tries < 200) await new Promise((resolve) => setTimeout(resolve, 50));
      else throw new Error(`${program} does not listen:\n${exporter.output()}`, { cause: error });
    }
  }
}

async function askUntil(line: HttpLine, path: string, endsMs: number): Promise<number> {
  let ok = 0;
  while (performance.now() < endsMs) {
    const { body } = await line.ask('GET', path, '', '');
    if (body.includes('\nprobe_success 1')) ok++;
  }
  return ok;
}
