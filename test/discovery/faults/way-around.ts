import type { Host, Lab, LinkControl } from '../../lab/index.ts';

const pings = 5;
const mostPorts = 16;
const firstPort = 41_000;

/** Connects once from a port, and goes. */
const connectOnce = `
  const [host, port, localPort] = process.argv.slice(1);
  const socket = require('node:net').connect({ host, port: Number(port), localPort: Number(localPort) }, () => socket.resetAndDestroy());
  socket.on('error', () => undefined);`;

/**
 * Of two equal links the one by which no ICMP echo leaves `from`, and a port of `from` whose connections to `to` do: routers
 * choose by addresses and ports. Nobody else may use the links meanwhile: what they carry is counted.
 */
export async function findWayAround(
  lab: Lab,
  from: Host,
  to: Host,
  port: number,
): Promise<{ link: LinkControl; localPort: number }> {
  const [a, b] = ['a', 'b'].map((name) => lab.link(from.name, to.name, name)) as [LinkControl, LinkControl];
  const carries = async (link: LinkControl, what: () => Promise<unknown>) => {
    const count = async () => (await link.towards(to.name).counters()).packets;
    const before = await count();
    await what();
    return (await count()) - before;
  };
  const ping = () => from.exec('ping', ['-4', '-n', '-i', '0.2', '-c', String(pings), to.address]);
  const link = (await carries(a, ping)) >= pings ? b : a;
  for (let localPort = firstPort; localPort < firstPort + mostPorts; localPort++) {
    const words = ['-e', connectOnce, to.address, String(port), String(localPort)];
    // Its first packet and its last at the least.
    if ((await carries(link, () => from.exec(process.execPath, words))) >= 2) return { link, localPort };
  }
  throw new Error(`no port of ${from.name} leads around the ICMP echoes to ${to.name}`);
}
