import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createCollecting } from '../collecting.ts';
import { proxyIdentity } from './proxy-identity.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** A log, the processes that have it open, the services that are known, and who is taken for the proxy. */
async function started() {
  const folder = await mkdtemp(join(tmpdir(), 'netring-proxy-'));
  folders.push(folder);
  const [path, proc] = [join(folder, 'access.log'), join(folder, 'proc')];
  await writeFile(path, '');
  await mkdir(proc);
  const clock = { ms: 0 };
  const collector = createCollecting({
    clocks: { wallMs: () => clock.ms, monotonicMs: () => clock.ms },
    ...{ reporter: 'm1/boot', keepMs: 600_000, names: [] },
    onNews: () => undefined,
    onStep: () => undefined,
  });
  const watch = proxyIdentity(collector, { path }, () => 'traefik', { proc, now: () => clock.ms });
  const proxy = () => watch.endsAt(undefined).id;
  return {
    ...{ proc, watch, proxy },
    knows: (services: Record<number, string>) =>
      collector.processes(new Map(Object.entries(services).map(([pid, name]) => [Number(pid), name]))),
    /** A process that has a file open for writing: the log, unless it is said which. */
    opens: async (pid: number, file = path) => {
      await mkdir(join(proc, `${pid}/fd`), { recursive: true });
      await mkdir(join(proc, `${pid}/fdinfo`));
      await symlink(file, join(proc, `${pid}/fd/3`));
      await writeFile(join(proc, `${pid}/fdinfo/3`), 'pos:\t0\nflags:\t02102001\n');
      await writeFile(join(proc, `${pid}/comm`), 'traefik\n');
    },
    ends: (pid: number) => rm(join(proc, `${pid}`), { recursive: true }),
    /** Time passes, and lines come. */
    after: (ms: number) => {
      clock.ms += ms;
      watch.refresh();
    },
    /** Who it is within so long; the file system is waited for. */
    isWithin: (ms: number, id: string) =>
      vi.waitFor(() => {
        clock.ms += ms;
        watch.refresh();
        expect(proxy()).toBe(id);
      }, 30_000),
  };
}

describe('the proxy that writes a log', () => {
  test.each<[string, boolean]>([
    ['that appends to the same file', false],
    ['while a file cannot be looked at', true],
  ])('is itself after a restart %s', async (_, isBlind) => {
    const { knows, watch, proxy, proc, opens, ends, after, isWithin } = await started();
    knows({ 10: 'edge' });
    await opens(10);
    watch.opened();
    await isWithin(0, 'service:edge');
    await ends(10);
    knows({});
    if (isBlind) await rm(proc, { recursive: true });
    // Between two processes, too: else there would be two nodes.
    for (let at = 0; at < 5; at++) after(60_000);
    expect(proxy()).toBe('service:edge');
    await opens(11);
    knows({ 11: 'edge-2' });
    await isWithin(60_000, 'service:edge-2');
  });

  test('is known when it starts after its log was opened', async () => {
    const { knows, watch, proxy, opens, isWithin } = await started();
    watch.opened();
    expect(proxy()).toBe('service:traefik');
    await opens(10);
    knows({ 10: 'edge' });
    await isWithin(60_000, 'service:edge');
  });

  test('is not who has got its number meanwhile', async () => {
    const { knows, watch, proxy, opens, ends, after, isWithin } = await started();
    knows({ 10: 'edge' });
    await opens(10);
    watch.opened();
    await isWithin(0, 'service:edge');
    await ends(10);
    knows({ 10: 'mail', 11: 'edge-2' });
    await opens(10, '/dev/null');
    await opens(11);
    after(60_000);
    expect(proxy()).toBe('service:edge');
    await isWithin(0, 'service:edge-2');
  });

  test('is nobody where two services write', async () => {
    const { knows, watch, opens, isWithin } = await started();
    knows({ 10: 'edge', 11: 'other' });
    await opens(10);
    watch.opened();
    await isWithin(0, 'service:edge');
    await opens(11);
    watch.opened();
    await isWithin(0, 'service:traefik');
  });
});
