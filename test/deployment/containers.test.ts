import { existsSync } from 'node:fs';
import { findChromium, launch } from '../browser/browser.ts';
import type { Exposed } from '../lab/index.ts';
import { patienceMs, until } from '../ring/until.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { overviewOf } from './containers/ask-registry.ts';
import { baseImages } from './containers/base-images.ts';
import { startDatacenters, version, type Datacenter, type Datacenters } from './containers/datacenters.ts';
import { dockerUnavailableReason } from './containers/dockerd.ts';

const mostBytesOfOurs = 150e6;
const reason = dockerUnavailableReason();

describe.skipIf(reason !== undefined)(`real containers${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let datacenters: Datacenters;
  let one: Datacenter;
  let two: Datacenter;
  let dashboard: Exposed;
  let joinLine: string;
  beforeAll(async () => {
    datacenters = await startDatacenters();
    ({ one, two } = datacenters);
  }, 400_000);
  afterAll(() => datacenters?.close());

  const overview = () => overviewOf(one, dashboard.port);
  const statusOf = async (location: string) =>
    (await overview()).members.find((member) => member.location === location)?.status;
  const becomes = (location: string, status: string) =>
    until(`${location} is ${status}`, patienceMs, async () => (await statusOf(location)) === status);

  test.each(['registry', 'member'])(
    'the image of the %s is small, labelled, and runs without root',
    async (name) => {
      const inspect = (image: string, format: string) =>
        one.docker.docker('image', 'inspect', '-f', format, image);
      const image = `netring-${name}:latest`;
      const ours =
        Number(await inspect(image, '{{.Size}}')) - Number(await inspect(baseImages.node, '{{.Size}}'));
      console.info(`netring-${name}: our layers have ${(ours / 1e6).toFixed(1)} MB`);
      expect(ours).toBeLessThan(mostBytesOfOurs);
      expect(await inspect(image, '{{.Config.User}}')).toBe('1000:1000');
      const labels = JSON.parse(await inspect(image, '{{json .Config.Labels}}')) as Record<string, string>;
      expect(labels['org.opencontainers.image.version']).toBe(version());
    },
  );

  test('start.sh brings up the first datacenter, and its line the second: both members are online, all paths ok', async () => {
    const said = await one.script('start.sh', '--location', 'one', '--no-monitoring');
    joinLine = /--join (\S+)/.exec(said)?.[1] ?? '';
    // Its configuration is mounted, as people do it: signs of life come more often than by default.
    two.configureMember('member: { intervals: { heartbeat_interval: 3 } }\n');
    await two.script('start.sh', '--join', joinLine, '--location', 'two');
    dashboard = await one.location.expose(8756);
    await becomes('one', 'online');
    await becomes('two', 'online');
    await until('all paths are ok', 2 * patienceMs, async () => {
      const { location_paths: paths } = await overview();
      const states = Object.fromEntries(
        paths.map(({ source, target, state }) => [`${source}>${target}`, state]),
      );
      return states['one>two'] === 'ok' && states['two>one'] === 'ok';
    });
    const { members } = await overview();
    expect(members.map(({ ip }) => ip).sort()).toEqual([one.location.address, two.location.address].sort());
  });

  test('the dashboard asks for the view token, and shows a green matrix', async () => {
    const chromium = await findChromium();
    if (chromium.kind === 'missing') throw new Error(chromium.reason);
    const browser = await launch(chromium.path);
    try {
      const page = await browser.newPage({ ignoreHTTPSErrors: true, locale: 'en-GB' });
      await page.goto(`https://127.0.0.1:${dashboard.port}/`);
      await page.getByRole('textbox', { name: 'Token' }).fill(one.setting('NETRING_VIEW_TOKEN'));
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: /are up/ }).waitFor({ timeout: patienceMs });
      for (const pair of [/one\W+to\W+two/, /two\W+to\W+one/])
        await page.getByRole('gridcell', { name: pair }).waitFor({ timeout: patienceMs });
    } finally {
      await browser.close();
    }
  });

  test('only the probe process has a capability, and that is one; nothing can be written', async () => {
    const status =
      'for p in /proc/[0-9]*; do tr "\\0" " " <$p/cmdline; echo; grep -E "^(Uid|CapEff|CapBnd)" $p/status; done; true';
    const said = await two.docker.docker('exec', await two.container('member'), 'sh', '-c', status);
    const effective = (of: RegExp) => new RegExp(`${of.source}[^]*?CapEff:\\s*(\\w+)`).exec(said)?.[1];
    expect(effective(/cli\/dist\/main\.js member/)).toBe('0000000000000000');
    // CAP_NET_RAW is bit 13.
    expect(effective(/probe\/process\.js/)).toBe('0000000000002000');
    expect(said).not.toMatch(/^Uid:\s*0/m);
    for (const [where, service] of [
      [one, 'registry'],
      [two, 'member'],
    ] as const) {
      const container = await where.container(service);
      await expect(where.docker.docker('exec', container, 'touch', '/app/x')).rejects.toThrow(
        'Read-only file system',
      );
    }
    expect((await overview()).members.flatMap(({ probes_off: off = [] }) => off)).toEqual([]);
  });

  test('run twice, start.sh changes nothing', async () => {
    const before = await Promise.all([
      one.container('registry'),
      one.container('member'),
      two.container('member'),
    ]);
    await one.script('start.sh');
    await two.script('start.sh', '--join', joinLine);
    const after = await Promise.all([
      one.container('registry'),
      one.container('member'),
      two.container('member'),
    ]);
    expect(after).toEqual(before);
  });

  test('Docker finds registry, Redis and members healthy', async () => {
    for (const [where, service] of [
      [one, 'registry'],
      [one, 'redis'],
      [one, 'member'],
      [two, 'member'],
    ] as const) {
      const container = await where.container(service);
      const health = () => where.docker.docker('inspect', '-f', '{{.State.Health.Status}}', container);
      await until(`${service} is healthy`, patienceMs, async () => (await health()) === 'healthy');
    }
  });

  test('docker stop: the member says goodbye and is deregistered; it comes back', async () => {
    const member = await two.container('member');
    await two.docker.docker('stop', member);
    expect(await two.docker.docker('inspect', '-f', '{{.State.ExitCode}}', member)).toBe('0');
    await becomes('two', 'deregistered');
    await two.docker.docker('start', member);
    await becomes('two', 'online');
  });

  test('docker kill: nobody says goodbye, and the member is stale', async () => {
    await two.docker.docker('kill', await two.container('member'));
    await becomes('two', 'stale');
  });

  test('stop.sh takes all down, and nothing is left', async () => {
    await Promise.all([one, two].map((where) => where.script('stop.sh', '--forget')));
    for (const { docker } of [one, two]) {
      expect(await docker.docker('ps', '-aq')).toBe('');
      expect(await docker.docker('volume', 'ls', '-q')).toBe('');
      expect(await docker.docker('network', 'ls', '-q', '--filter', 'type=custom')).toBe('');
    }
    await datacenters.close();
    expect([one, two].map(({ folder }) => existsSync(folder))).toEqual([false, false]);
    console.info(`real containers, in ms: ${JSON.stringify(datacenters.tookMs)}`);
  });
});
