import { spawnSync } from 'node:child_process';
import { prometheusTargets } from '@netring/contract/prometheus-targets';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { call } from './call.ts';
import { startRegistry, type RunningRegistry } from './start-registry.ts';
import { join } from './test-member.ts';

let registry: RunningRegistry;
beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(() => registry.stop());

const targets = async () =>
  prometheusTargets.parse((await call(registry.url, '/prometheus/targets')).json).map((group) => group);

describe('Prometheus', () => {
  test('finds members by their address and labels, killed ones too; those that said goodbye go at once', async () => {
    await join(registry.url, 'ann', { location: 'us1', ip: '192.0.2.1', port: 8757 });
    const bob = await join(registry.url, 'bob', { location: 'eu1', ip: '2001:db8::1', port: 8757 });
    const group = (id: string, location: string, target: string) => ({
      targets: [target],
      labels: { instance: id, instance_id: id, location, __scheme__: 'http' },
    });
    const ann = group('ann', 'us1', '192.0.2.1:8757');
    expect(await targets()).toEqual([ann, group('bob', 'eu1', '[2001:db8::1]:8757')]);
    await bob.deregister();
    expect(await targets()).toEqual([ann]);
  });

  const missing = spawnSync('promtool', ['--version']).error !== undefined;
  const why = missing ? ' (skipped: promtool is not installed (Debian: apt-get install prometheus))' : '';
  test.skipIf(missing)(`has nothing to say against the metrics${why}`, async () => {
    const ann = await join(registry.url, 'ann', { location: 'us"1\\<b>', port: 1 });
    await ann.report({ bob: 'ok' });
    const { text } = await call(registry.url, '/metrics');
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    });
    expect(stdout + stderr).toBe('');
    expect(status).toBe(0);
    expect(text).toContain('netring_member_last_seen_timestamp{location="us\\"1\\\\<b>",instance_id="ann"}');
    expect(text).toContain('netring_registry_members{status="online"} 1');
  });
});

interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, { responses?: object; parameters?: { name: string; in: string }[] }>>;
}

describe('the OpenAPI document', () => {
  const served = [
    ['delete', '/api/silences/{id}'],
    ['delete', '/leases/{id}'],
    ['delete', '/topology/watchers'],
    ['delete', '/topology/watchers/{id}'],
    ['get', '/access_logs'],
    ['get', '/api/alerts'],
    ['get', '/api/alerts/what-if'],
    ['get', '/api/baselines'],
    ['get', '/api/coverage'],
    ['get', '/api/entered'],
    ['get', '/api/history'],
    ['get', '/api/members/{id}'],
    ['get', '/api/names'],
    ['get', '/api/overview'],
    ['get', '/api/paths'],
    ['get', '/api/paths/{source}/{target}'],
    ['get', '/api/traces/{task}'],
    ['get', '/events'],
    ['get', '/health'],
    ['get', '/members'],
    ['get', '/metrics'],
    ['get', '/network_info'],
    ['get', '/prometheus/targets'],
    ['get', '/ready'],
    ['get', '/topology'],
    ['get', '/topology/critical'],
    ['get', '/topology/diff'],
    ['get', '/topology/events'],
    ['get', '/topology/graph'],
    ['get', '/topology/links'],
    ['get', '/topology/map'],
    ['get', '/topology/nodes'],
    ['get', '/topology/patterns'],
    ['get', '/topology/report'],
    ['get', '/topology/sample'],
    ['get', '/topology/services/{id}'],
    ['get', '/topology/slow'],
    ['get', '/topology/watchers'],
    ['get', '/topology/windows'],
    ['post', '/api/alerts/test'],
    ['post', '/api/entered'],
    ['post', '/api/silences'],
    ['post', '/api/traces'],
    ['post', '/deregister'],
    ['post', '/heartbeat'],
    ['post', '/leases'],
    ['post', '/login'],
    ['post', '/register'],
    ['post', '/report'],
    ['post', '/topology/links'],
    ['post', '/topology/tidy'],
    ['post', '/topology/watchers'],
    ['put', '/topology/positions'],
  ] as const;

  const document = async () => (await call(registry.url, '/openapi.json')).json as Document;

  test('describes every call that is served, and nothing else', async () => {
    const { paths, openapi, info } = await document();
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method, path]),
    );
    expect(described.sort()).toEqual(served.map((one) => [...one]).sort());
    expect(openapi).toBe('3.1.0');
    expect(info.title).toBe('Netring registry');
  });

  test('has an answer, an error and its path parameters for each, and every reference leads somewhere', async () => {
    const whole = await document();
    for (const [method, path] of served) {
      const operation = whole.paths[path]?.[method];
      expect(Object.keys(operation?.responses ?? {}), path).toEqual(
        expect.arrayContaining(['200', 'default']),
      );
      const named = (operation?.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name);
      expect(named, path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    }
    const references = [...JSON.stringify(whole).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, to = '']) => to);
    for (const to of references) {
      const found = to.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], whole);
      expect(found, to).toBeDefined();
    }
  });

  test('tells what a registration must have', async () => {
    const text = JSON.stringify((await document()).paths['/register']);
    for (const field of ['instance_id', 'location', 'ip', 'port']) expect(text).toContain(`"${field}"`);
  });
});
