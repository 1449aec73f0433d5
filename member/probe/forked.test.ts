import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { monotonicMs } from '../clock.ts';
import type { Measured } from './confirm.ts';
import { startProbeProcess, type ProbeProcess } from './forked.ts';
import type { Target } from './probe.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const options = { tcp: { timeoutMs: 500 }, icmp: { timeoutMs: 1000 }, http: { timeoutMs: 500 } };

let server: Server;
let target: Target;
let probes: ProbeProcess;
let measured: Measured[];
let downs: string[];
let stateWhenDown: ReturnType<ProbeProcess['state']> | undefined;

async function until(what: () => boolean, limitMs = 60_000): Promise<void> {
  const endMs = monotonicMs() + limitMs;
  while (!what() && monotonicMs() < endMs) await wait(10);
  expect(what()).toBe(true);
}

/** Process ids of this process' probe processes. */
function children(): number[] {
  const lines = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)])
    .toString()
    .split('\n');
  return lines.filter((line) => line.includes('probe/process.js')).map((line) => Number.parseInt(line, 10));
}

beforeAll(() => {
  // The probe process runs compiled.
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'member'], { cwd: root });
  expect(existsSync(`${root}member/dist/probe/process.js`)).toBe(true);
});

beforeEach(async () => {
  server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  target = { key: 'k', kind: 'tcp', host: '127.0.0.1', port, closing: 'reset' };
  measured = [];
  downs = [];
  stateWhenDown = undefined;
  probes = startProbeProcess({
    environment: {},
    onMeasured: (batch) => measured.push(...batch),
    onDown: (reason) => {
      downs.push(reason);
      stateWhenDown = probes.state();
    },
  });
});

afterEach(async () => {
  probes.stop();
  server.close();
  await until(() => children().length === 0);
});

describe('the probe process', () => {
  it('measures on the clock it shares with the agent, while the agent is busy', async () => {
    const beganMs = monotonicMs();
    probes.follow({ targets: [target], intervalMs: 100, options });
    await until(() => measured.length > 0);
    let meanwhile = 0;
    // About ten rounds take place in a second; a machine that has no core to spare for them gets another one.
    for (let round = 0; round < 20 && meanwhile < 5; round++) {
      const busyFromMs = monotonicMs();
      while (monotonicMs() < busyFromMs + 1000);
      const busyUntilMs = monotonicMs();
      await until(() => measured.some(({ result }) => result.ended_ms > busyUntilMs));
      const own = measured.filter(
        ({ result: { ended_ms } }) => ended_ms > busyFromMs && ended_ms < busyUntilMs,
      );
      meanwhile += own.length;
    }
    // Their times are their own, not those of the agent that could not listen.
    expect(meanwhile).toBeGreaterThanOrEqual(5);
    for (const { key, result } of measured) {
      expect(key).toBe('k');
      expect(result.ended_ms).toBeGreaterThan(beganMs);
      expect(result.ended_ms).toBeLessThan(monotonicMs());
    }
  });

  it('is started again when it dies, says why, and goes on with its orders', async () => {
    probes.follow({ targets: [target], intervalMs: 100, options });
    await until(() => measured.length > 0);
    process.kill(children()[0] as number, 'SIGKILL');
    await until(() => downs.length > 0);
    expect(downs).toEqual(['ended with SIGKILL']);
    expect(stateWhenDown).toMatchObject({ kind: 'down', reason: 'ended with SIGKILL' });
    measured = [];
    await until(() => measured.length > 0);
    expect(probes.state()).toMatchObject({ kind: 'up', restarts: 1 });
  });

  it('voids what it slept through, and never calls it a timeout', async () => {
    // Nobody reads here: the connects go through in the kernel, HTTP waits for ever.
    const http: Target = { ...target, key: 'h', kind: 'http', path: '/' };
    await until(() => children().length === 1);
    const pid = children()[0] as number;
    const connected = once(server, 'connection').then(() => process.kill(pid, 'SIGSTOP'));
    probes.follow({ targets: [http], intervalMs: 100, options: { ...options, http: { timeoutMs: 2000 } } });
    await connected;
    await wait(2500);
    process.kill(pid, 'SIGCONT');
    await until(() => measured.length > 0);
    expect(measured[0]?.result).toMatchObject({ outcome: 'void' });
    expect(measured[0]?.result.reason).toMatch(/held up/);
  });

  it('has threads enough that some silent name servers hold up no other name', async () => {
    await until(() => children().length === 1);
    const environment = () => readFileSync(`/proc/${children()[0]}/environ`, 'latin1').split('\0');
    // Between fork and exec it is still this process.
    await until(() => environment().includes('UV_THREADPOOL_SIZE=16'));
  });

  it('stops probing what it is told to leave alone', async () => {
    probes.follow({ targets: [target], intervalMs: 100, options });
    await until(() => measured.length > 0);
    probes.follow({ targets: [], intervalMs: 100, options });
    // What was under way comes in, and then nothing more; else this never ends.
    for (let seen = -1; measured.length !== seen;) {
      seen = measured.length;
      await wait(600);
    }
    expect(measured.length).toBeGreaterThan(0);
  });
});
