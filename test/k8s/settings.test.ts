import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readMemberConfig } from '@netring/member/config';
import { readRegistryConfig } from '@netring/registry/config';
import type { ConfigurationSources } from '@netring/service/configuration';
import { memberName } from '@netring/service/member-identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { environmentOf } from './environment.ts';
import { kubectl, rendered } from './kubectl.ts';
import { find, podOf, type Manifest } from './manifest.ts';

const k8s = fileURLToPath(new URL('../../k8s/', import.meta.url));
const missing = kubectl() === undefined ? 'kubectl is not installed' : undefined;

const why = missing === undefined ? '' : ` (skipped: ${missing})`;

let copy: string;
let examples: Manifest[];
let primary: Manifest[];
let site: Manifest[];

/** What is secret in the first datacenter alone. */
const onlyFirst = ['operator-token', 'redis-password', 'registry.key', 'ca.key'];

const run = (...args: string[]) => promisify(execFile)(join(copy, 'make-secrets.sh'), args);

beforeAll(async () => {
  if (missing !== undefined) return;
  copy = await mkdtemp(join(tmpdir(), 'netring-k8s-'));
  await cp(k8s, copy, { recursive: true });
  const [first, next] = [join(copy, 'overlays/primary'), join(copy, 'overlays/site')];
  examples = await rendered(first);
  await run(first, 'netring.example.com', '192.0.2.1');
  await run(next, '--from', first);
  [primary, site] = await Promise.all([rendered(first), rendered(next)]);
});
afterAll(async () => {
  if (missing === undefined) await rm(copy, { recursive: true });
});

/** What a service of an overlay is started with. */
function sourcesOf(
  all: readonly Manifest[],
  name: 'netring-registry' | 'netring-member',
): ConfigurationSources {
  const deployment = find(all, 'Deployment', name);
  const container = podOf(deployment)?.containers[0];
  if (container === undefined) throw new Error(`${name} has no container`);
  const file = name === 'netring-registry' ? 'registry.yaml' : 'member.yaml';
  const mounted = podOf(deployment)?.volumes?.find((one) => one.name === 'config')?.configMap;
  const map = find(all, 'ConfigMap', (mounted as { name: string }).name);
  return {
    environment: environmentOf(container, all, deployment.metadata.namespace),
    file: { name: file, text: map.data?.[file] ?? '' },
  };
}

describe.skipIf(missing)(`settings of the manifests${why}`, () => {
  test('the values of the examples are refused, each by its name', () => {
    for (const read of [
      () => readRegistryConfig(sourcesOf(examples, 'netring-registry')),
      () => readMemberConfig(sourcesOf(examples, 'netring-member')),
    ])
      expect(read).toThrow(/NETRING_TOKEN: .*of an example/);
  });

  test('with values of one’s own registry and members start, and are given what they need', () => {
    const registry = readRegistryConfig(sourcesOf(primary, 'netring-registry'));
    expect(registry.warnings).toEqual([]);
    expect(registry.values).toMatchObject({
      serverHost: '0.0.0.0',
      serverPort: 8756,
      redisHost: 'netring-redis',
    });
    const here = readMemberConfig(sourcesOf(primary, 'netring-member'));
    const there = readMemberConfig(sourcesOf(site, 'netring-member'));
    for (const { values, warnings } of [here, there]) {
      expect(warnings).toEqual([]);
      expect(values).toMatchObject({ serverHost: '0.0.0.0', serverPort: 8757, advertiseIp: '192.0.2.7' });
      expect(values.token).toBe(registry.values.token);
      expect(values.instanceId).toBe(`${values.location}-node-1`);
    }
    expect(here.values.location).not.toBe(there.values.location);
    expect(here.values.registryUrl).toBe('https://netring-registry.netring.svc:8756');
  });

  test('certificates are for what each is reached by, and by one CA', async () => {
    const read = async (file: string) => new X509Certificate(await readFile(join(copy, 'overlays', file)));
    const ca = await read('primary/secrets/ca.crt');
    const registry = await read('primary/secrets/registry.crt');
    for (const name of ['netring.example.com', 'netring-registry.netring.svc'])
      expect(registry.checkHost(name)).toBe(name);
    expect(registry.checkIP('192.0.2.1')).toBe('192.0.2.1');
    const members = await Promise.all([read('primary/secrets/member.crt'), read('site/secrets/member.crt')]);
    for (const one of members) expect(one.checkHost(memberName)).toBe(memberName);
    for (const one of [registry, ...members]) expect(one.verify(ca.publicKey)).toBe(true);
  });

  test('nobody else can read them', async () => {
    for (const overlay of ['primary', 'site']) {
      const folder = join(copy, 'overlays', overlay, 'secrets');
      expect((await stat(folder)).mode & 0o777, overlay).toBe(0o700);
      for (const name of ['token', 'view-token', 'member.key', ...(overlay === 'site' ? [] : onlyFirst)])
        expect((await stat(join(folder, name))).mode & 0o077, `${overlay}/${name}`).toBe(0);
    }
  });

  test('without the key of the CA there is no other CA: what is there stays, and more is refused', async () => {
    const away = join(copy, 'overlays/away');
    await cp(join(copy, 'overlays/primary'), away, { recursive: true });
    await rm(join(away, 'secrets/ca.key'));
    const ca = await readFile(join(away, 'secrets/ca.crt'), 'utf8');
    await run(away, 'netring.example.com', '192.0.2.1');
    await rm(join(away, 'secrets/registry.crt'));
    await expect(run(away, 'netring.example.com')).rejects.toThrow(/away\/secrets\/ca\.key is not there/);
    expect(await readFile(join(away, 'secrets/ca.crt'), 'utf8')).toBe(ca);
  });

  test('made once: a second time changes nothing', async () => {
    const first = join(copy, 'overlays/primary');
    const before = await rendered(first);
    await run(first, 'netring.example.com', '192.0.2.1');
    expect(await rendered(first)).toEqual(before);
    await expect(run(join(copy, 'overlays/nowhere'), 'x')).rejects.toThrow(/is not there/);
    // The key of the CA is in no Secret.
    const key = await readFile(join(first, 'secrets/ca.key'), 'utf8');
    const secrets = [...primary, ...site].filter(({ kind }) => kind === 'Secret');
    for (const { data = {} } of secrets)
      for (const text of Object.values(data))
        expect(Buffer.from(text, 'base64').toString('utf8')).not.toBe(key);
  });
});
