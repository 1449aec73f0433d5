import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prometheusTargets } from '@netring/contract/prometheus-targets';
import { openStream } from '@netring/member/probe/bandwidth-wire';
import { makeCa, makeCertificate, opensslMissing, type MadePair } from '@netring/service/made-certificates';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPrometheusByTls } from '../prometheus/by-tls.ts';
import { until } from '../ring/until.ts';
import { buildNetring, runNetring } from '../start/built-netring.ts';
import { createSecureReader, shownAt, type SecureReader } from './secure-reader.ts';
import { startProcess, type TlsProcess } from './tls-process.ts';

/** Far beyond what a ring takes on a machine that has many others to start. */
const patienceMs = 180_000;
const missing = opensslMissing();
const prometheusMissing = spawnSync('which', ['prometheus']).status !== 0;
const viewToken = 'view-token-of-a-ring-by-tls';
const tokens = { NETRING_TOKEN: 'join-token-of-a-ring-by-tls', NETRING_VIEW_TOKEN: viewToken };
/** Addresses of this file alone. */
const addresses = { us1: '127.61.1.1', eu1: '127.61.2.1', ap1: '127.61.3.1' } as const;
type Location = keyof typeof addresses;
const locations = Object.keys(addresses) as Location[];

describe.skipIf(missing !== undefined)(`a ring by TLS${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  let ca: MadePair;
  let stranger: MadePair;
  let registry: TlsProcess;
  let port: number;
  let reader: SecureReader;
  const pairs = new Map<string, MadePair>();
  const members = new Map<Location, TlsProcess>();

  const namesOf = (location: Location) =>
    // One of them bears the name for where addresses come and go.
    location === 'eu1' ? 'DNS:member.netring' : `IP:${addresses[location]}`;
  const certify = (name: string, names: string, by = ca) =>
    pairs.set(name, makeCertificate(folder, name, by, { names }));
  const shown = (name: string): Record<string, string> => {
    const pair = pairs.get(name);
    return pair === undefined ? {} : { NETRING_TLS_CERT: pair.cert, NETRING_TLS_KEY: pair.key };
  };
  const startMember = (location: Location) => {
    const own = {
      NETRING_LOCATION: location,
      NETRING_INSTANCE_ID: `${location}-a`,
      NETRING_REGISTRY_URL: `https://127.0.0.1:${port}`,
      NETRING_SERVER_HOST: addresses[location],
      NETRING_SERVER_PORT: '0',
      NETRING_ADVERTISE_IP: addresses[location],
      NETRING_CHECK_INTERVAL: '1',
      NETRING_POLL_INTERVAL: '1',
      NETRING_REPORT_INTERVAL: '0.5',
      // No check fails for a busy machine's sake.
      NETRING_TCP_TIMEOUT: '60',
      NETRING_HTTP_TIMEOUT: '60',
      // These fill both cores: who wants them asks for them.
      NETRING_BANDWIDTH_TEST_INTERVAL: '0',
      NETRING_DISCOVERY: 'false',
      NETRING_TLS_CA: ca.cert,
      // Of the path, only what crosses by TLS is of interest here.
      NETRING_ICMP: 'false',
      NETRING_UDP: 'false',
    };
    members.set(location, startProcess('member', folder, { ...tokens, ...own, ...shown(location) }));
  };
  const member = (location: Location) => members.get(location) as TlsProcess;
  const logs = () => [registry, ...members.values()].map((one) => one.log()).join('\n---\n');
  /** All members see each other by HTTP(S), and everybody is asked by what he speaks. */
  const whole = async (schemes: Record<Location, string>) => {
    let seen = '';
    let toldMs: number | undefined;
    // Each has had its answer since: of a busy machine's checks every other one is void.
    const answered = new Set<string>();
    await until(
      `everybody answers everybody by ${JSON.stringify(schemes)}`,
      patienceMs,
      async () => {
        const groups = prometheusTargets.parse(JSON.parse(await reader.text('/prometheus/targets')));
        const told = Object.fromEntries(groups.map(({ labels }) => [labels.location, labels.__scheme__]));
        const checks = await reader.allHttp();
        seen = JSON.stringify({ told, checks });
        if (locations.some((location) => told[location] !== schemes[location])) return false;
        toldMs ??= Date.now();
        for (const [path, { outcome, status, at_ms }] of checks)
          if (outcome === 'ok' && status === 200 && at_ms > toldMs) answered.add(path);
        return answered.size === locations.length * (locations.length - 1);
      },
      () => `${seen}\n${logs()}`,
    );
  };

  beforeAll(async () => {
    await buildNetring();
    folder = await mkdtemp(join(tmpdir(), 'netring-tls-'));
    ca = makeCa(folder, 'ca');
    stranger = makeCa(folder, 'stranger');
    certify('registry', 'IP:127.0.0.1,DNS:localhost');
    certify('us1', namesOf('us1'));
    certify('eu1', namesOf('eu1'));
    const own = { NETRING_SERVER_HOST: '127.0.0.1', NETRING_SERVER_PORT: '0', NETRING_TLS_CA: ca.cert };
    registry = startProcess('registry', folder, {
      ...tokens,
      ...own,
      ...shown('registry'),
      NETRING_DATA_DIR: join(folder, 'store'),
    });
    port = await registry.port();
    reader = createSecureReader(port, ca.cert, viewToken);
    locations.forEach(startMember);
  }, 600_000);
  afterAll(async () => {
    await Promise.all([...members.values()].map((one) => one.stop()));
    await registry?.stop();
    await rm(folder, { recursive: true, force: true });
  }, 600_000);

  it('is green while one member does not speak TLS yet, and when it does', async () => {
    await whole({ us1: 'https', eu1: 'https', ap1: 'http' });
    await member('ap1').stop();
    certify('ap1', namesOf('ap1'));
    startMember('ap1');
    await whole({ us1: 'https', eu1: 'https', ap1: 'https' });
    expect(logs()).not.toContain('other members will refuse the certificate');
  }, 600_000);

  it('is asked by the command line through the CA, and through nothing else', async () => {
    const url = `https://127.0.0.1:${port}`;
    const environment = { NETRING_VIEW_TOKEN: viewToken };
    const run = (...args: string[]) =>
      runNetring(['members', '--registry', ...args], { folder, environment });
    const [believed, strange, inClear] = await Promise.all([
      run(url, '--ca', ca.cert),
      run(url, '--ca', stranger.cert),
      run(`http://127.0.0.1:${port}`),
    ]);
    expect(believed.stdout).toContain('us1-a');
    expect(believed.code).toBe(0);
    expect(strange.stderr).toMatch(/is not believed: its certificate is not signed by the CA .*\n.*--ca/);
    expect(strange.code).toBe(1);
    expect(inClear.code).toBe(1);
    expect(inClear.stderr).toContain('write https://');
  }, 600_000);

  it('tells when its certificates end', async () => {
    const series = /netring_tls_certificate_expiry_timestamp_seconds\{certificate="(own|ca)"\} (\d+)/g;
    const told = [...(await reader.text('/metrics')).matchAll(series)];
    const days = told.map(([, which, s]) => [
      which,
      Math.round((Number(s) * 1000 - Date.now()) / 86_400_000),
    ]);
    expect(days).toEqual([
      ['own', 90],
      ['ca', 365],
    ]);
  }, 600_000);

  it.skipIf(prometheusMissing)(
    'is scraped by Prometheus as deployed, but for who bears another name',
    async () => {
      const prometheus = await startPrometheusByTls({
        folder,
        listen: '127.61.9.1:9090',
        registry: `127.0.0.1:${port}`,
        caFile: ca.cert,
        viewToken,
      });
      try {
        await until(
          'up of all, and of eu1, which bears the name for where addresses come and go, not',
          patienceMs,
          async () => {
            const up = await prometheus.query('up');
            const told = up.map(({ metric, value }) => `${metric.job} ${metric.location ?? ''} ${value}`);
            return told.sort().join() === 'netring ap1 1,netring eu1 0,netring us1 1,netring-registry  1';
          },
          prometheus.log,
        );
      } finally {
        await prometheus.stop();
      }
    },
    600_000,
  );

  it('gives browsers a cookie that never crosses in clear', async () => {
    expect(await reader.login()).toMatch(/^netring_view=.*; HttpOnly; Secure; SameSite=Strict$/);
  }, 600_000);

  it('takes bandwidth tests in clear on the same port, by their own tickets only', async () => {
    const to = { host: addresses.eu1, port: await member('eu1').port(), ticket: 'made-up' };
    const opened = await openStream(to, 'control', patienceMs);
    expect(opened).toMatchObject({ failure: { reason: expect.stringContaining('status 403') as string } });
  }, 600_000);

  it('changes certificates without an outage', async () => {
    const before = [
      await shownAt('127.0.0.1', port),
      await shownAt(addresses.us1, await member('us1').port()),
    ];
    certify('registry', 'IP:127.0.0.1,DNS:localhost');
    certify('us1', namesOf('us1'));
    registry.hangUp();
    member('us1').hangUp();
    await until('new certificates are shown', patienceMs, async () => {
      const now = [
        await shownAt('127.0.0.1', port),
        await shownAt(addresses.us1, await member('us1').port()),
      ];
      return now.every(({ serialNumber }, i) => serialNumber !== before[i]?.serialNumber);
    });
    const changedMs = Date.now();
    await until('checked since', patienceMs, async () => {
      const check = await reader.http('eu1-a', 'us1-a');
      return check !== undefined && check.at_ms > changedMs;
    });
    expect((await reader.http('eu1-a', 'us1-a'))?.window.failed).toBe(0);
    for (const one of members.values())
      expect(one.log()).not.toMatch(/its certificate|TLS failed|socket hang up|ECONNRESET/);
    await whole({ us1: 'https', eu1: 'https', ap1: 'https' });
  }, 600_000);

  it("refuses a stranger's certificate as tls_failed, and takes it back with the right one", async () => {
    certify('ap1', namesOf('ap1'), stranger);
    member('ap1').hangUp();
    for (const source of ['us1-a', 'eu1-a']) {
      const { value } = await until(
        `tls_failed from ${source}`,
        patienceMs,
        async () => {
          const check = await reader.http(source, 'ap1-a');
          return check?.outcome === 'tls_failed' && check;
        },
        logs,
      );
      expect(value.reason).toContain('not signed by the CA');
    }
    // Who it is towards is for the others to say; the path itself is not down for it.
    expect((await reader.states())['us1>ap1']).not.toBe('down');
    certify('ap1', namesOf('ap1'));
    member('ap1').hangUp();
    await whole({ us1: 'https', eu1: 'https', ap1: 'https' });
  }, 600_000);
});
