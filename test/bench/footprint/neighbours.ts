import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openUdpEcho } from '@netring/member/probe/udp-echo';
import { udpKeys } from '@netring/member/probe/index';
import { openLine } from '../http-line.ts';
import { simulateMember } from '../scale/simulated-member.ts';

export interface NeighboursOrder {
  registryPort: number;
  count: number;
}

const heartbeatMs = 15_000;

/** A program: members that live and answer on ports of their own, and measure nothing. */
const order = JSON.parse(process.argv[2] ?? '{}') as NeighboursOrder;
for (let at = 0; at < order.count; at++) {
  const self = { instance_id: `neighbour-${at}`, location: `dc${at % 4}`, answers: ['udp'] };
  const port = await answering();
  const echo = { instanceId: self.instance_id, host: '127.0.0.1', port, keys: udpKeys([]) };
  await openUdpEcho(echo, () => 0);
  const member = simulateMember(self, port, await openLine(order.registryPort));
  await member.register();
  setInterval(() => void member.heartbeat(), heartbeatMs);
}
process.stdout.write('ready\n');

/** Port of a server that answers everything as `/health` does. */
function answering(): Promise<number> {
  const server = createServer((_, response) => response.end('{"status":"ok"}\n'));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
