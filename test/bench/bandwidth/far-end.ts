import { createServer } from 'node:http';
import { createGate } from '@netring/member/bandwidth/gate';
import { monotonicMs } from '@netring/member/clock';
import { startProbeProcess } from '@netring/member/probe/index';

export interface FarEndOrder {
  port: number;
  token: string;
  instanceId: string;
}

/** A program: a member reduced to what serves bandwidth tests, its probe process forked as a member's is. */
const { port, token, instanceId } = JSON.parse(process.argv[2] ?? '{}') as FarEndOrder;
const probes = startProbeProcess({
  environment: {},
  onMeasured: () => undefined,
  onDown: (reason) => void process.stderr.write(`the probe process ${reason}\n`),
});
const gate = createGate({
  instanceId,
  tokens: [token],
  now: monotonicMs,
  isTesting: () => false,
  mostBytes: () => 1e9,
  serve: (socket, admitted) => probes.send({ type: 'bandwidth-serve', admitted }, socket),
});
const server = createServer();
server.on('upgrade', (request, socket, head: Buffer) => gate.upgrade(request, socket, head));
server.listen(port, () => process.stdout.write('listening\n'));
