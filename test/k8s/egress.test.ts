import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kubectl, rendered } from './kubectl.ts';
import { find, podOf, type Manifest } from './manifest.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const missing = kubectl() === undefined ? ' (skipped: kubectl is not installed)' : '';

/** What a policy lets out; without `to`: to anywhere. */
interface Rule {
  to?: unknown[];
  ports: { protocol: string; port: number }[];
}

let copy: string;
let overlay: string;

beforeAll(async () => {
  if (missing !== '') return;
  copy = await mkdtemp(join(tmpdir(), 'netring-k8s-'));
  await cp(join(root, 'k8s'), copy, { recursive: true });
  overlay = join(copy, 'overlays/primary');
});
afterAll(async () => {
  if (missing === '') await rm(copy, { recursive: true });
});

const egressOf = (all: readonly Manifest[]) =>
  find(all, 'NetworkPolicy', 'netring-registry').spec?.egress as Rule[];

/** Writes a file of the copy with other words. */
async function reword(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  expect(text).toContain(from);
  await writeFile(file, text.replace(from, to));
}

describe.skipIf(missing !== '')(`what the registry may connect to${missing}`, () => {
  test('a member that comes back after a crash can be asked at its address, in whichever datacenter', async () => {
    const file = join(overlay, 'kustomization.yaml');
    await reword(file, '# - ../../components/discovery ', '- ../../components/discovery ');
    const all = await rendered(overlay);
    const anywhere = egressOf(all).flatMap(({ to, ports }) => (to === undefined ? ports : []));
    const listening = all
      .flatMap((one) => podOf(one)?.containers ?? [])
      .filter(({ image }) => image.startsWith('netring-member'))
      .flatMap(({ ports = [] }) => ports.filter(({ name }) => name === 'http'));
    expect(listening.map(({ containerPort }) => containerPort).sort()).toEqual([8757, 8758]);
    for (const { protocol, hostPort, containerPort } of listening)
      expect(anywhere).toContainEqual({ protocol, port: hostPort ?? containerPort });
  });

  test('a Redis elsewhere is let through by the patch of the documentation, and what was allowed stays', async () => {
    const before = egressOf(await rendered(overlay));
    const guide = await readFile(join(root, 'docs/kubernetes.md'), 'utf8');
    const [, patch = ''] = /```yaml\n(patches:\n[^]*?)```/.exec(guide) ?? [];
    await reword(join(copy, 'base/registry/kustomization.yaml'), 'redis-deployment.yaml, ', '');
    await appendFile(join(overlay, 'kustomization.yaml'), `\n${patch}`);
    const all = await rendered(overlay);
    expect(all.filter(({ metadata }) => metadata.name === 'netring-redis')).toEqual([]);
    const after = egressOf(all);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.slice(before.length).map(({ ports }) => ports.map(({ port }) => port))).toEqual([
      [6379, 26379],
      [8443],
    ]);
  });
});
