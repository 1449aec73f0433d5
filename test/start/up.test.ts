import { createServer, type AddressInfo } from 'node:net';
import { membersAnswer, type MemberView } from '@netring/contract/member';
import { overviewAnswer } from '@netring/contract/overview';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildNetring, runNetring } from './built-netring.ts';
import { startRing, type RunningRing } from './running-ring.ts';

// Elsewhere only 127.0.0.1 is there without asking an administrator.
const reason =
  process.platform === 'linux' ? undefined : `it needs 127.0.0.0/8, and this is ${process.platform}`;

beforeAll(buildNetring, 240_000);

describe.skipIf(reason !== undefined)(`netring up${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let ring: RunningRing;
  beforeAll(async () => {
    ring = await startRing();
  });
  afterAll(() => ring?.clear());

  async function member(location: string): Promise<MemberView | undefined> {
    const answer = membersAnswer.parse(await (await fetch(`${ring.url}/members`)).json());
    return answer.members.find((one) => one.location === location);
  }

  async function pathStates(): Promise<Record<string, string>> {
    const overview = overviewAnswer.parse(await (await fetch(`${ring.url}/api/overview`)).json());
    return Object.fromEntries(
      overview.location_paths.map((path) => [`${path.source}>${path.target}`, path.state]),
    );
  }

  test('serves the dashboard, with three members online and every path ok within 30 s', async () => {
    expect(await (await fetch(ring.url)).text()).toContain('<html');
    const statuses = await Promise.all(['us1', 'eu1', 'ap1'].map(async (one) => (await member(one))?.status));
    expect(statuses).toEqual(['online', 'online', 'online']);
    const pairs = ['us1>eu1', 'us1>ap1', 'eu1>us1', 'eu1>ap1', 'ap1>us1', 'ap1>eu1'];
    const allOk = Object.fromEntries(pairs.map((pair) => [pair, 'ok']));
    await expect.poll(pathStates, { timeout: 60_000, interval: 250 }).toMatchObject(allOk);
  });

  test('sells things in a shop that is spread over the locations', async () => {
    const order = { method: 'POST', body: JSON.stringify({ item: 'lamp' }) };
    const answer = await fetch(`http://${ring.address('us1')}:18080/checkout`, order);
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ item: 'lamp', left: expect.any(Number) as number });
  });

  test('names a member that was killed, and its silence makes it stale', async () => {
    const pid = ring.pid('member eu1');
    process.kill(pid, 'SIGKILL');
    await expect.poll(ring.output).toContain(`member eu1 (pid ${pid}) was killed by SIGKILL`);
    await expect.poll(async () => (await member('eu1'))?.status, { timeout: 60_000 }).toBe('stale');
  });

  test('a member that is interrupted says goodbye: deregistered at once, and no path to it is down', async () => {
    const pid = ring.pid('member ap1');
    process.kill(pid, 'SIGINT');
    await expect.poll(async () => (await member('ap1'))?.status, { timeout: 60_000 }).toBe('deregistered');
    await expect.poll(ring.output, { timeout: 60_000 }).toContain(`member ap1 (pid ${pid}) left`);
    expect((await pathStates())['us1>ap1']).not.toBe('down');
  });

  test('Ctrl-C ends everything within 6 s, also when it arrives twice', async () => {
    const tookMs: number[] = [];
    const stop = async (one: RunningRing) => {
      const startedMs = performance.now();
      one.signal('SIGINT');
      one.signal('SIGINT');
      expect(await one.ended()).toBe(0);
      tookMs.push(performance.now() - startedMs);
      expect(one.left()).toEqual([]);
      expect(one.output()).toMatch(/stopping …\nstopped\.\n$/);
    };
    await stop(ring);
    // A machine that stood still meanwhile gets another one to end, or two.
    while (tookMs.length < 3 && Math.min(...tookMs) >= 6_000) {
      const another = await startRing();
      await stop(another).finally(() => another.clear());
    }
    expect(Math.min(...tookMs)).toBeLessThan(6_000);
  });
});

describe.skipIf(reason !== undefined)(
  `netring up that is killed${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    test('leaves no process behind', async () => {
      const ring = await startRing();
      try {
        expect(ring.left().length).toBeGreaterThanOrEqual(9);
        ring.signal('SIGKILL');
        await expect.poll(ring.left, { timeout: 60_000 }).toEqual([]);
      } finally {
        await ring.clear();
      }
    });
  },
);

describe.skipIf(reason !== undefined)(`npm start${reason ? ` (skipped: ${reason})` : ''}`, () => {
  test('brings up a ring, and ends it when npm alone is told to', async () => {
    const ring = await startRing('npm start');
    try {
      ring.signal('SIGTERM');
      await ring.ended();
      await expect.poll(ring.left, { timeout: 60_000 }).toEqual([]);
    } finally {
      await ring.clear();
    }
  });
});

test('a taken port is said with what to do, and nothing is started', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const ran = await runNetring(['up', '--port', String(port)], { folder: '/tmp' });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain(`port ${port} on 127.0.0.1, where registry should listen, is taken`);
    expect(ran.stderr).toContain('npm start -- --port 9756');
  } finally {
    server.close();
  }
});
