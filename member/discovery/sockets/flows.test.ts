import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrafficObservation } from '@netring/topology';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Connection } from './connection.ts';
import { createFlows, isInsideOnly, type Flows } from './flows.ts';
import { noInfo, socketState } from './socket-row.ts';

const startMs = 1_767_225_600_000;
let proc = '';
let observed: TrafficObservation[] = [];
let rejected: Record<string, number> = {};

beforeEach(async () => {
  proc = await mkdtemp(join(tmpdir(), 'netring-flows-'));
  await mkdir(join(proc, 'net'));
  observed = [];
  rejected = {};
});
afterEach(() => rm(proc, { recursive: true, force: true }));

/** What the kernel's table says from now on. */
const says = (...lines: string[]): Promise<void> =>
  writeFile(join(proc, 'net', 'nf_conntrack'), lines.map((line) => `${line}\n`).join(''));

/** A TCP flow from a port of 192.0.2.9 to 192.0.2.1:8080, led to a container. */
const flow = (port: number, state = 'TIME_WAIT', source = '192.0.2.9'): string =>
  `ipv4 2 tcp 6 117 ${state} src=${source} dst=192.0.2.1 sport=${port} dport=8080 src=172.17.0.2 dst=${source} sport=80 dport=${port} use=1`;

function flows(): Flows {
  return createFlows(
    {
      collector: { observe: (one) => (observed.push(one), 'taken') },
      proc,
      isOwn: ({ source }) => source === '192.0.2.7',
      serviceAt: (address, port) => (address === '172.17.0.2' && port === 80 ? 'web' : undefined),
      isWanted: (one) => !isInsideOnly(one),
    },
    () => ({
      ...{ taken: () => undefined, state: () => undefined, losses: () => undefined, close: () => undefined },
      rejected: (why, count = 1) => void (rejected[why] = (rejected[why] ?? 0) + count),
    }),
  );
}

test('a table that is absent or empty is said to be', async () => {
  expect(flows().look(startMs, [])).toBe('absent');
  await says();
  expect(flows().look(startMs, [])).toBe('empty');
});

test('a short flow is told once, with who answered; what was there before is not', async () => {
  const seen = flows();
  await says(flow(1));
  expect(seen.look(startMs, [])).toBe('read');
  expect(observed).toEqual([]);
  await says(flow(1), flow(2), flow(3, 'ESTABLISHED'), flow(4, 'TIME_WAIT', '127.0.0.1'));
  seen.look(startMs, []);
  seen.look(startMs, []);
  expect(observed).toMatchObject([
    {
      source: { host: '192.0.2.9', port: 0 },
      destination: { host: '172.17.0.2', port: 80, service: 'service:web' },
      ...{ protocol: 'http', evidence: 'flow' },
    },
  ]);
  expect(seen.aliases()).toEqual([{ ip: '192.0.2.1', port: 8080, to_ip: '172.17.0.2', to_port: 80 }]);
});

test('what a socket has shown is not told again, and our own traffic is counted', async () => {
  const seen = flows();
  await says();
  seen.look(startMs, []);
  const row = {
    ...{ ...noInfo, state: socketState.established, inode: 1, cookie: 1, isV6Only: false, sendQueue: 0 },
    ...{ localPort: 80, remotePort: 5, localAddress: () => '172.17.0.2', remoteAddress: () => '192.0.2.9' },
  };
  const shown = new Connection(row, 1, 'tcp', startMs, false);
  shown.role = 'callee';
  await says(flow(5), flow(6, 'CLOSE', '192.0.2.7'), 'nonsense');
  seen.look(startMs, [shown]);
  expect(observed).toEqual([]);
  expect(rejected).toEqual({ own_traffic: 1, no_flow: 1 });
});
