import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { version } from '@netring/service/version';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kubectl, manifestsIn, rendered } from './kubectl.ts';
import { find, nameOf, podOf, type Manifest } from './manifest.ts';
import { againstRestricted } from './pod-security.ts';
import { secretReferences } from './secret-references.ts';
import { againstSchemas, againstTypes, schemasAreThere, schemaVersions } from './schemas.ts';

const k8s = fileURLToPath(new URL('../../k8s/', import.meta.url));
const missing =
  kubectl() === undefined
    ? 'kubectl is not installed'
    : schemasAreThere()
      ? undefined
      : 'the schemas are not there: npm ci --prefix test/k8s/schemas';

const why = missing === undefined ? '' : ` (skipped: ${missing})`;

let copy: string;
let overlays: Record<'primary' | 'site' | 'everything' | 'restricted', Manifest[]>;

const everything = ['prometheus-operator', 'topology-export', 'discovery'];

beforeAll(async () => {
  if (missing !== undefined) return;
  copy = await mkdtemp(join(tmpdir(), 'netring-k8s-'));
  await cp(k8s, copy, { recursive: true });
  const [primary, site] = await Promise.all([
    rendered(join(k8s, 'overlays/primary')),
    rendered(join(k8s, 'overlays/site')),
  ]);
  overlays = {
    primary,
    site,
    everything: await withComponents(everything),
    restricted: await withComponents(['restricted']),
  };
});
afterAll(async () => {
  if (missing === undefined) await rm(copy, { recursive: true });
});

/** The primary overlay as somebody has it who takes in more components. */
async function withComponents(names: readonly string[]): Promise<Manifest[]> {
  const file = join(copy, 'overlays/primary/kustomization.yaml');
  const text = readFileSync(join(k8s, 'overlays/primary/kustomization.yaml'), 'utf8');
  const more = names.map((name) => `  - ../../components/${name}\n`).join('');
  await writeFile(file, text.replace(/(- \.\.\/\.\.\/components\/tls-member\n)/, `$1${more}`));
  return rendered(join(copy, 'overlays/primary'));
}

const pods = (all: readonly Manifest[]) =>
  all.flatMap((one) => {
    const pod = podOf(one);
    return pod === undefined ? [] : [{ name: one.metadata.name, one, pod }];
  });

describe.skipIf(missing)(`overlays${why}`, () => {
  test('have what they are for', () => {
    expect(overlays.primary.map(nameOf).map(withoutHash).sort()).toEqual(
      [
        'ConfigMap netring-members/netring-member',
        'ConfigMap netring/netring-registry',
        'Deployment netring-members/netring-member',
        'Deployment netring/netring-registry',
        'Namespace netring',
        'Namespace netring-members',
        'NetworkPolicy netring-members/netring-member',
        'NetworkPolicy netring/netring-redis',
        'NetworkPolicy netring/netring-registry',
        'PodDisruptionBudget netring/netring-registry',
        'Secret netring-members/netring',
        'Secret netring-members/netring-tls',
        'Secret netring/netring',
        'Secret netring/netring-tls',
        'Service netring/netring-redis',
        'Service netring/netring-registry',
        'Service netring/netring-registry-external',
        'ServiceAccount netring-members/netring-member',
        'ServiceAccount netring/netring-redis',
        'ServiceAccount netring/netring-registry',
        'StatefulSet netring/netring-redis',
      ].sort(),
    );
    expect(overlays.site.filter(({ metadata }) => metadata.namespace === 'netring')).toEqual([]);
    expect(overlays.site.map(nameOf)).not.toContain('Namespace netring');
    const more = overlays.everything.map(nameOf);
    for (const one of ['CronJob', 'DaemonSet', 'ServiceMonitor', 'ScrapeConfig', 'PrometheusRule'])
      expect(
        more.some((name) => name.startsWith(`${one} `)),
        one,
      ).toBe(true);
    expect(overlays.primary.some(({ kind }) => kind === 'ServiceMonitor')).toBe(false);
  });

  test('hold against the schemas of Kubernetes, and a slip of the pen would be found', async () => {
    process.stdout.write(`manifests are held against ${schemaVersions()}\n`);
    const all = [
      ...new Map(
        Object.values(overlays).flatMap((one) => one.map((each) => [JSON.stringify(each), each])),
      ).values(),
    ];
    expect(await againstSchemas(all)).toEqual([]);
    const slip = structuredClone(find(overlays.primary, 'Deployment', 'netring-registry'));
    Object.assign(podOf(slip) ?? {}, { enableServiceLink: false });
    // One run of the compiler, which takes most of the time of this file.
    const problems = againstTypes([...all, slip]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/Deployment netring\/netring-registry: .*enableServiceLink/);
    const wrong = structuredClone(slip);
    Object.assign(wrong.spec ?? {}, { replicas: 'two' });
    expect((await againstSchemas([wrong])).join()).toContain('replicas');
    expect((await againstSchemas([{ ...slip, apiVersion: 'apps/v1beta9' }])).join()).toContain('no schema');
  });

  test('the four files of plain kubectl apply are what the overlays are built on', () => {
    const files = readdirSync(k8s).filter((name) => name.endsWith('.yaml'));
    expect(files.sort()).toEqual([
      'member-deployment.yaml',
      'namespace.yaml',
      'redis-deployment.yaml',
      'registry-deployment.yaml',
    ]);
    const plain = files.flatMap((name) => manifestsIn(readFileSync(join(k8s, name), 'utf8')));
    const built = new Set(overlays.primary.map(nameOf).map(withoutHash));
    for (const one of plain) expect(built).toContain(nameOf(one));
    // Each brings all that it refers to, but for the Secret that holds the tokens.
    const accounts = plain
      .filter(({ kind }) => kind === 'ServiceAccount')
      .map(({ metadata }) => metadata.name);
    for (const { pod } of pods(plain)) expect(accounts).toContain(pod.serviceAccountName);
  });

  test('every Secret that is named is there, with that key', () => {
    const secrets = overlays.everything.filter(({ kind }) => kind === 'Secret');
    const kinds = new Set<string>();
    for (const one of overlays.everything)
      for (const { name, keys } of secretReferences(one.spec)) {
        kinds.add(one.kind);
        const { namespace } = one.metadata;
        const secret = secrets.find(
          ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
        );
        expect(secret, `${name} of ${nameOf(one)}`).toBeDefined();
        expect(Object.keys(secret?.data ?? {}), nameOf(one)).toEqual(expect.arrayContaining(keys));
      }
    expect([...kinds].sort()).toEqual([
      'CronJob',
      'DaemonSet',
      'Deployment',
      'ScrapeConfig',
      'ServiceMonitor',
      'StatefulSet',
    ]);
  });

  test('images are of this version', () => {
    for (const { pod } of pods(overlays.everything))
      for (const { image } of pod.containers.filter(({ image }) => image.startsWith('netring-')))
        expect(image).toMatch(new RegExp(`^netring-(registry|member):${version.replaceAll('.', '\\.')}$`));
  });
});

describe.skipIf(missing)(`what pods may${why}`, () => {
  test('registry, Redis and jobs meet "restricted"; a member only where its work allows', () => {
    const found = (all: readonly Manifest[]) =>
      Object.fromEntries(pods(all).map(({ name, pod }) => [name, againstRestricted(pod)]));
    expect(found(overlays.everything)).toEqual({
      'netring-redis': [],
      'netring-registry': [],
      'netring-topology-export': [],
      'netring-member': ['adds NET_RAW', 'allowPrivilegeEscalation', 'hostPort'],
      'netring-discovery': [
        'adds DAC_READ_SEARCH',
        'adds SYS_PTRACE',
        'appArmorProfile',
        'hostNetwork',
        'hostPID',
        'hostPort',
        'may run as root',
      ],
    });
    expect(found(overlays.restricted)['netring-member']).toEqual([]);
    const enforced = (all: readonly Manifest[], name: string) =>
      find(all, 'Namespace', name).metadata.labels?.['pod-security.kubernetes.io/enforce'];
    expect(enforced(overlays.primary, 'netring')).toBe('restricted');
    expect(enforced(overlays.primary, 'netring-members')).toBe('privileged');
    expect(enforced(overlays.restricted, 'netring-members')).toBe('restricted');
  });

  test('no token of an account, no service links, no root file system to write to, bounds of memory', () => {
    for (const { name, pod } of pods(overlays.everything)) {
      expect(pod, name).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
      for (const container of pod.containers) {
        expect(container.securityContext, name).toMatchObject({ readOnlyRootFilesystem: true });
        expect(container.securityContext?.privileged, name).toBeUndefined();
        expect(container.resources?.limits?.memory, name).toBeTruthy();
        expect(container.resources?.requests?.cpu, name).toBeTruthy();
      }
    }
    // No rights beyond those that everybody has.
    expect(overlays.everything.filter(({ kind }) => /Role/.test(kind))).toEqual([]);
  });

  test('readiness is /health, by TLS where TLS is on, and the ports are those of the documentation', () => {
    const container = (name: string) => podOf(find(overlays.primary, 'Deployment', name))?.containers[0];
    for (const name of ['netring-registry', 'netring-member'])
      expect(container(name)?.readinessProbe?.httpGet).toEqual({
        path: '/health',
        port: 'http',
        scheme: 'HTTPS',
      });
    expect(container('netring-registry')?.ports).toEqual([
      { name: 'http', containerPort: 8756, protocol: 'TCP' },
    ]);
    expect(container('netring-member')?.ports).toEqual([
      { name: 'http', containerPort: 8757, hostPort: 8757, protocol: 'TCP' },
      { name: 'echo', containerPort: 8757, hostPort: 8757, protocol: 'UDP' },
    ]);
    expect(find(overlays.primary, 'Deployment', 'netring-registry').spec?.replicas).toBe(2);
    expect(find(overlays.primary, 'PodDisruptionBudget', 'netring-registry').spec?.minAvailable).toBe(1);
  });

  test('every workload but jobs and what shares the network of its node has a network policy', () => {
    const policies = overlays.everything.filter(({ kind }) => kind === 'NetworkPolicy');
    const selected = policies.map(({ spec }) => JSON.stringify(spec?.podSelector));
    for (const name of ['netring-registry', 'netring-redis', 'netring-member'])
      expect(selected).toContain(JSON.stringify({ matchLabels: { 'app.kubernetes.io/name': name } }));
    const redis = find(policies, 'NetworkPolicy', 'netring-redis');
    expect(redis.spec).toMatchObject({
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'netring-registry' } } }] },
      ],
    });
  });
});

/** A generated name ends with a hash of its content, so that what uses it starts anew when that changes. */
function withoutHash(name: string): string {
  return name.replace(/-[0-9a-z]{10}$/, '');
}
