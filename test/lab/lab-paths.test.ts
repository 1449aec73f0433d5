import { afterEach, expect, it } from 'vitest';
import { freshAttempts } from './accuracy.ts';
import { describeLab } from './describe-lab.ts';
import { networkPath, startLab, type Host, type Lab, type NetworkFile } from './index.ts';

/** Sends three datagrams from each of 64 fixed ports and prints how many of the flows had one, or all, lost. */
const prober = `
  const replies = new Map();
  for (let port = 40000; port < 40064; port++) {
    const socket = require('node:dgram').createSocket('udp4');
    replies.set(port, 0);
    socket.on('message', () => replies.set(port, replies.get(port) + 1));
    socket.bind(port, () => [1, 2, 3].forEach(() => socket.send('question', 7, process.argv[1])));
  }
  setTimeout(() => {
    const counts = [...replies.values()];
    console.log(counts.filter((count) => count === 0).length, counts.filter((count) => count === 3).length);
    process.exit();
  }, 1500);`;

const echo = `
  const socket = require('node:dgram').createSocket('udp4');
  socket.on('message', (message, from) => socket.send(message, from.port, from.address));
  socket.bind(7, () => console.log('listening'));`;

async function probeFlows(from: Host, to: Host): Promise<{ dead: number; whole: number }> {
  const server = await to.spawn(process.execPath, ['-e', echo]);
  await new Promise((resolve) => server.stdout?.once('data', resolve));
  const { stdout } = await from.exec(process.execPath, ['-e', prober, to.address]);
  server.kill('SIGKILL');
  await server.exited;
  const [dead = NaN, whole = NaN] = stdout.trim().split(' ').map(Number);
  return { dead, whole };
}

/** The address that answers a probe whose TTL is used up after so many hops, or `reached`, or `silent`. */
async function hop(from: Host, to: string, ttl: number): Promise<string> {
  // On a busy machine an answer may be late: another one is asked for then.
  for (let attempt = 0; attempt < 3; attempt++) {
    const { stdout } = await from.exec('ping', ['-4', '-n', '-c', '1', '-W', '1', '-t', String(ttl), to]);
    if (/ bytes from .* time=/.test(stdout)) return 'reached';
    const router = /From (\S+) .*Time to live exceeded/.exec(stdout)?.[1];
    if (router !== undefined) return router;
  }
  return 'silent';
}

async function reaches(from: Host, to: string): Promise<boolean> {
  return (await from.exec('ping', ['-4', '-c', '2', '-i', '0.1', '-W', '1', to])).code === 0;
}

describeLab('paths through a lab', () => {
  let lab: Lab;
  const start = async (network: string | NetworkFile) => (lab = await startLab(network));
  afterEach(() => lab?.close());

  it('a chain shows its twelve hops and the time to each', freshAttempts, async () => {
    await start(networkPath('twelve-hops'));
    const us1 = lab.location('us1');
    const hops = await Promise.all(Array.from({ length: 12 }, (_, index) => hop(us1, 'eu1', index + 1)));
    expect(hops[0]).toBe('10.1.0.1');
    expect(hops.slice(1)).toEqual([
      ...Array.from({ length: 10 }, (_, link) => `10.255.0.${link * 2 + 1}`),
      'reached',
    ]);
    const { stdout } = await us1.exec('ping', ['-4', '-c', '5', '-i', '0.02', 'eu1']);
    const least = Number(/= ([\d.]+)/.exec(stdout)?.[1]);
    expect(least).toBeGreaterThanOrEqual(90);
    expect(least).toBeLessThan(91);
  });

  it(
    'flows spread over equal-cost paths, and a fault of one path hits about a quarter of them wholly',
    freshAttempts,
    async () => {
      await start(networkPath('ecmp'));
      const [us1, eu1] = [lab.location('us1'), lab.location('eu1')];
      expect(await probeFlows(us1, eu1)).toEqual({ dead: 0, whole: 64 });
      await lab.link('us1', 'p2').towards('p2').set({ cut: true });
      const { dead, whole } = await probeFlows(us1, eu1);
      expect(dead + whole).toBe(64);
      expect(dead).toBeGreaterThan(6); // a quarter of 64 flows, give or take three standard deviations
      expect(dead).toBeLessThan(27);
    },
  );

  it('one link can lose some flows wholly and no others', async () => {
    await start(networkPath('three-sites'));
    const lossyFlows = { of: 4, index: 1, lossRatio: 1 };
    await lab.link('us1', 'eu1').towards('eu1').set({ lossyFlows });
    const { dead, whole } = await probeFlows(lab.location('us1'), lab.location('eu1'));
    expect(dead + whole).toBe(64);
    expect(dead).toBeGreaterThan(6);
    expect(dead).toBeLessThan(27);
  });

  it('several hosts of a location share its network, and hosts of other locations have their own names', async () => {
    await start(networkPath('six-sites'));
    expect(lab.locations.flatMap(({ hosts }) => hosts.map(({ name }) => name))).toEqual(
      ['us1-a', 'us1-b', 'us2', 'eu1-a', 'eu1-b', 'eu2', 'ap1', 'sa1'], // prettier-ignore
    );
    const b = lab.location('us1').host('b');
    expect(await hop(b, 'us1-a', 1)).toBe('reached');
    expect(await hop(b, 'eu1-b', 3)).toBe('reached');
    expect(await reaches(lab.location('sa1'), 'us1')).toBe(true);
  });

  it('where the network allows it, routes avoid a cut link and come back', async () => {
    const link = { rtt_ms: 1 };
    const pairs: [string, string][] = [['a', 'b'], ['b', 'c'], ['a', 'c']]; // prettier-ignore
    const links = pairs.map((between) => ({ ...link, between }));
    await start({ reroute: true, locations: ['a', 'b', 'c'], links });
    const a = lab.location('a');
    await lab.link('a', 'c').set({ cut: true });
    expect([await hop(a, 'c', 3), await hop(a, 'c', 4)]).toEqual(['10.255.0.3', 'reached']);
    await lab.link('a', 'b').set({ cut: true });
    expect(await reaches(a, 'c')).toBe(false);
    await lab.link('a', 'c').heal();
    expect([await hop(a, 'c', 3), await hop(a, 'b', 4)]).toEqual(['reached', 'reached']);
  });

  it('parallel links go by their names, and a router with the greatest icmp_ratelimit is a silent hop', async () => {
    const between: [string, string] = ['a', 'm'];
    await start({
      locations: ['a', { name: 'b', icmp_ratelimit: 0 }],
      routers: [{ name: 'm', icmp_ratelimit: 1_000_000 }],
      links: [
        { between, name: 'upper', rtt_ms: 1 },
        { between, name: 'lower', rtt_ms: 1 },
        { between: ['m', 'b'], rtt_ms: 1 },
      ],
    });
    const a = lab.location('a');
    expect(await Promise.all([1, 2, 3, 4].map((ttl) => hop(a, 'b', ttl)))).toEqual(['10.1.0.1', 'silent', '10.255.0.5', 'reached']); // prettier-ignore
    expect(() => lab.link('a', 'm')).toThrow('a and m share 2 links: say which by its name');
    await lab.link('a', 'm', 'lower').set({ cut: true });
    expect(await reaches(a, 'b')).toBe(true);
    await lab.link('a', 'm', 'upper').set({ cut: true });
    expect(await reaches(a, 'b')).toBe(false);
    expect(() => lab.link('a', 'b')).toThrow('no link is named a b; there are: a m upper, a m lower, m b');
  });
});
