import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { freshAttempts } from './accuracy.ts';
import { describeLab } from './describe-lab.ts';
import { networkPath, startLab, type Host, type Lab } from './index.ts';

type Pings = { lossRatio: number; medianMs: number };

async function ping(from: Host, to: string, options = ['-4', '-c', '5', '-i', '0.02']): Promise<Pings> {
  const { stdout } = await from.exec('ping', ['-W', '1', ...options, to]);
  const times = [...stdout.matchAll(/time=([\d.]+)/g)].map((match) => Number(match[1])).sort((a, b) => a - b);
  const loss = /([\d.]+)% packet loss/.exec(stdout)?.[1];
  return { lossRatio: Number(loss) / 100, medianMs: times[Math.floor(times.length / 2)] ?? NaN };
}

/** What the kernel of a host has counted, from /proc/net/snmp. */
async function icmpCounters(host: Host): Promise<Record<string, number>> {
  const { stdout } = await host.exec('cat', ['/proc/net/snmp']);
  const [names = '', values = ''] = stdout.split('\n').filter((line) => line.startsWith('Icmp:'));
  const numbers = values.split(' ').map(Number);
  return Object.fromEntries(names.split(' ').map((name, index) => [name, numbers[index] ?? NaN]));
}

/** The forwarder adds to the delay of the file, a little, and never takes from it. */
function expectAbout(medianMs: number, rttMs: number): void {
  expect(medianMs).toBeGreaterThanOrEqual(rttMs);
  expect(medianMs).toBeLessThan(rttMs + 1);
}

const nodeServer = `require('node:http').createServer((request, response) => response.end(require('node:os').hostname()))
  .listen(8080, process.argv[1], () => console.log('listening'))`;

async function startServer(host: Host, address: string) {
  const server = await host.spawn(process.execPath, ['-e', nodeServer, address]);
  await new Promise((resolve) => server.stdout?.once('data', resolve));
  return server;
}

describeLab('a lab of three sites', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab(networkPath('three-sites'));
  });
  afterAll(() => lab?.close());
  afterEach(async () => {
    for (const [a, b] of [
      ['us1', 'eu1'],
      ['us1', 'ap1'],
      ['eu1', 'ap1'],
    ] as const)
      await lab.link(a, b).heal();
  });

  it.each([
    ['us1', 'eu1', 10],
    ['eu1', 'ap1', 40],
    ['us1', 'ap1', 90],
  ])('%s reaches %s in the %d ms of the file, over IPv4 and IPv6', freshAttempts, async (from, to, rttMs) => {
    for (const family of ['-4', '-6']) {
      const { medianMs, lossRatio } = await ping(lab.location(from), to, [family, '-c', '5', '-i', '0.02']);
      expect(lossRatio).toBe(0);
      expectAbout(medianMs, rttMs);
    }
  });

  it('a new delay is in force when `set` resolves, and the old one after `heal`', freshAttempts, async () => {
    await lab.link('us1', 'eu1').set({ delayMs: 30 });
    expectAbout((await ping(lab.location('us1'), 'eu1')).medianMs, 60);
    await lab.link('us1', 'eu1').heal();
    expectAbout((await ping(lab.location('us1'), 'eu1')).medianMs, 10);
  });

  it('a delay towards one end counts once in a round trip', freshAttempts, async () => {
    await lab.link('us1', 'eu1').towards('eu1').set({ delayMs: 25 });
    expectAbout((await ping(lab.location('us1'), 'eu1')).medianMs, 30);
  });

  it(
    'a cut link carries nothing, is not routed around, and leaves the others alone',
    freshAttempts,
    async () => {
      await lab.link('eu1', 'us1').set({ cut: true });
      expect((await ping(lab.location('us1'), 'eu1')).lossRatio).toBe(1);
      expect((await ping(lab.location('us1'), 'ap1')).lossRatio).toBe(0);
      await lab.link('us1', 'eu1').heal();
      expect((await ping(lab.location('us1'), 'eu1')).lossRatio).toBe(0);
    },
  );

  it('loses about the ratio that was set', freshAttempts, async () => {
    await lab.link('us1', 'eu1').towards('eu1').set({ lossRatio: 0.2 });
    await lab.link('us1', 'eu1').set({ delayMs: 0 });
    const { lossRatio } = await ping(lab.location('us1'), 'eu1', ['-4', '-f', '-c', '1000']);
    expect(lossRatio).toBeGreaterThan(0.15); // four standard deviations
    expect(lossRatio).toBeLessThan(0.25);
  });

  it('loss in one direction leaves the other direction whole', freshAttempts, async () => {
    const [us1, eu1] = [lab.location('us1'), lab.location('eu1')];
    await lab.link('us1', 'eu1').set({ delayMs: 0 });
    const [usBefore, euBefore] = [await icmpCounters(us1), await icmpCounters(eu1)];
    await lab.link('us1', 'eu1').towards('eu1').set({ lossRatio: 0.5 });
    await ping(us1, 'eu1', ['-4', '-f', '-c', '200']);
    const [usAfter, euAfter] = [await icmpCounters(us1), await icmpCounters(eu1)];
    const asked = (euAfter['InEchos'] ?? NaN) - (euBefore['InEchos'] ?? NaN);
    expect(asked).toBeGreaterThan(60);
    expect(asked).toBeLessThan(140);
    expect((usAfter['InEchoReps'] ?? NaN) - (usBefore['InEchoReps'] ?? NaN)).toBe(asked);
  });

  it('refuses a value out of range, names it, and changes nothing', async () => {
    await expect(lab.link('us1', 'eu1').set({ cut: true, lossRatio: 1.5 })).rejects.toThrow(
      'lossRatio is 1.5; it must be from 0 to 1',
    );
    expect((await ping(lab.location('us1'), 'eu1')).lossRatio).toBe(0);
  });

  it('a process sees its own location and nothing else', async () => {
    const us1 = lab.location('us1');
    const { stdout } = await us1
      .exec('sh', ['-c', 'hostname; ls -d /proc/[0-9]* | wc -l; cat $FILE'], {
        env: { FILE: 'word' },
        cwd: import.meta.dirname,
      })
      .catch((error: Error) => ({ stdout: error.message }));
    expect(stdout.split('\n').slice(0, 2)).toEqual(['us1', expect.stringMatching(/^[3-5]$/)]);
    expect((await lab.location('eu1').exec('ps', ['ax'])).stdout).not.toContain('us1');
  });

  it('gives the process id that this machine sees, signals it, and tells how it ended', async () => {
    const sleeper = await lab.location('us1').spawn('sleep', ['1000']);
    expect(readFileSync(`/proc/${sleeper.pid}/cmdline`, 'utf8')).toBe('sleep\u00001000\u0000');
    expect(sleeper.kill('SIGINT')).toBe(true);
    expect(await sleeper.exited).toEqual({ code: null, signal: 'SIGINT' });
    expect(sleeper.kill()).toBe(false);
    expect(await lab.location('us1').exec('sh', ['-c', 'echo no >&2; exit 7'])).toEqual({
      stdout: '',
      stderr: 'no\n',
      code: 7,
    });
    await expect(lab.location('us1').spawn('no-such-command')).rejects.toThrow(
      'us1: cannot run no-such-command: No such file or directory',
    );
  });

  it.each(['127.0.0.1', '10.2.0.10'])('exposes a server that listens on %s inside', async (address) => {
    const eu1 = lab.location('eu1');
    const server = await startServer(eu1, address);
    const exposed = await eu1.expose(8080);
    const url = `http://127.0.0.1:${exposed.port}/`;
    expect(await (await fetch(url)).text()).toBe('eu1');
    server.kill('SIGKILL');
    await server.exited;
    await expect(fetch(url)).rejects.toThrow();
    await exposed.close();
  });

  it('keeps traffic inside: a server of this machine is out of reach', async () => {
    const server: Server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const attempt = `require('node:net').connect(${port}, '127.0.0.1').on('error', (e) => console.log(e.code))`;
    expect((await lab.location('us1').exec(process.execPath, ['-e', attempt])).stdout).toBe('ECONNREFUSED\n');
    server.close();
  });
});
