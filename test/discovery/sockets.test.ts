import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startSocketDiscovery,
  type LookDone,
  type SocketDiscovery,
  type SocketDiscoveryOptions,
} from '@netring/member/discovery/sockets/index';
import { createLogger } from '@netring/service/log';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { describeLab } from '../lab/describe-lab.ts';
import { networkPath, startLab, type Lab, type LabProcess } from '../lab/index.ts';
import { recordingCollector, totals, type RecordingCollector, type Totals } from './recording-collector.ts';

/** Answers every byte with ten. Prints its port. */
const answerScript = `require('node:net').createServer((socket) => {
  socket.on('error', () => undefined).on('data', (data) => socket.write(Buffer.alloc(10 * data.length)));
}).listen(Number(process.argv[3] ?? 0), process.argv[2], function () { console.log(this.address().port); });`;

/** Connects, says so, and sends 1000 bytes for each line that it reads; `again` makes it connect anew before. */
const askScript = `const [, , host, port, from] = process.argv;
let socket;
const open = (then) => { socket = require('node:net').connect({ host, port: Number(port), localAddress: from }, then); socket.on('error', () => undefined).resume(); };
open(() => console.log('open'));
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'again') { socket.destroy(); open(); }
  socket.write(Buffer.alloc(1000));
});`;

const mark = `${process.pid}-${Math.floor(Math.random() * 1e6)}`;
const answer = `answer-${mark}`;
const ask = `ask-${mark}`;
const log = createLogger('member', 'error');
let folder = '';
const running: SocketDiscovery[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netring-sockets-'));
  await writeFile(join(folder, `${answer}.js`), answerScript);
  await writeFile(join(folder, `${ask}.js`), askScript);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

interface Looking {
  collector: RecordingCollector;
  /** What was seen of dependencies of these programs. */
  of: (name: string) => Map<string, Totals>;
  /** Resolves after one more look. */
  next: () => Promise<LookDone>;
}

/** Starts to look; resolves after the first look. What the test has started is not its own traffic. */
async function startLooking(options: Partial<SocketDiscoveryOptions> = {}): Promise<Looking> {
  const collector = recordingCollector();
  const waiting: ((done: LookDone) => void)[] = [];
  const next = (): Promise<LookDone> => new Promise((resolve) => waiting.push(resolve));
  const first = next();
  running.push(
    startSocketDiscovery({
      collector,
      intervalMs: 200,
      log,
      ownPids: () => new Set([process.pid]),
      onLook: (done) => {
        for (const resolve of waiting.splice(0)) resolve(done);
      },
      ...options,
    }),
  );
  await first;
  const of = (name: string): Map<string, Totals> =>
    new Map([...totals(collector.observations)].filter(([key]) => key.includes(name)));
  return { collector, of, next };
}

function program(name: string): string {
  return join(folder, `${name}.js`);
}

async function firstLine(child: Pick<ChildProcess, 'stdout'> | LabProcess): Promise<string> {
  const [chunk] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [Buffer];
  return chunk.toString().trim();
}

describeLab('sockets of two network namespaces', () => {
  let lab: Lab;
  let server: LabProcess;
  beforeAll(async () => {
    lab = await startLab(networkPath('three-sites'));
    server = await lab.location('eu1').spawn(process.execPath, [program(answer), '0.0.0.0', '8080']);
    await firstLine(server);
  });
  afterAll(() => lab?.close());

  const startAsking = async (): Promise<LabProcess> => {
    const client = await lab
      .location('us1')
      .spawn(process.execPath, [program(ask), lab.location('eu1').address, '8080']);
    await firstLine(client);
    return client;
  };
  const edge = (evidence: string): string => `${evidence} service:${ask} → service:${answer}`;
  const counts = ({ of }: Looking, evidence: string): unknown => {
    const { connections, sent, received } = of(ask).get(edge(evidence)) ?? {};
    return { connections, sent, received };
  };

  test('tell the processes at both ends, who asks, what was carried, and that a new socket is a new one', async () => {
    const looking = await startLooking();
    const client = await startAsking();
    client.stdin?.write('send\n');
    for (const evidence of ['caller', 'callee'])
      await expect
        .poll(() => counts(looking, evidence))
        .toEqual({ connections: 1, sent: 1000, received: 10_000 });
    client.stdin?.write('again\n');
    for (const evidence of ['caller', 'callee'])
      await expect
        .poll(() => counts(looking, evidence))
        .toEqual({ connections: 2, sent: 2000, received: 20_000 });
    expect([...looking.of(ask).keys()].sort()).toEqual([edge('callee'), edge('caller')]);

    const { found, pids, signalled } = looking.collector;
    expect(found.find((one) => one.name === answer)).toMatchObject({
      ...{ name_rule: 'process', pid: server.pid, process: 'node', start_mode: 'native' },
      listeners: [{ address: '0.0.0.0', port: 8080, transport: 'tcp' }],
      addresses: expect.arrayContaining([
        lab.location('eu1').address,
        lab.location('eu1').address6,
      ]) as unknown,
    });
    expect(found.find((one) => one.name === ask)?.listeners).toEqual([]);
    expect([pids.get(server.pid), pids.get(client.pid)]).toEqual([answer, ask]);

    const own = signalled.filter(({ of }) => of.source === `service:${ask}`);
    const floors = own
      .filter(({ of }) => of.evidence === 'caller')
      .map(({ values }) => values.rtt_floor_ms ?? Infinity);
    // The link takes 10 ms there and back.
    expect(Math.min(...floors)).toBeGreaterThan(9.9);
    const tuples = (evidence: string): Set<string> =>
      new Set(own.filter(({ of }) => of.evidence === evidence).flatMap(({ values }) => values.tuples ?? []));
    expect([...tuples('caller')].filter((one) => tuples('callee').has(one))).toHaveLength(2);
    client.kill();
    await client.exited;
  });

  test('without ss the same dependency is found through /proc, and the book says what is missing', async () => {
    const looking = await startLooking({ ss: join(folder, 'no-such-ss') });
    const client = await startAsking();
    client.stdin?.write('send\n');
    for (const evidence of ['caller', 'callee'])
      await expect.poll(() => counts(looking, evidence)).toEqual({ connections: 1, sent: 0, received: 0 });
    const book = looking.collector.books.get('sockets');
    expect(book?.state).toBe('limited');
    expect(book?.reason).toContain('without round trips, bytes and retransmissions');
    client.kill();
    await client.exited;
  });

  test('a connection that lasts stays alive, though nothing is carried, and ends with its socket', async () => {
    const client = await startAsking();
    const looking = await startLooking();
    const seen = (): number => looking.of(ask).get(edge('caller'))?.looks ?? 0;
    await expect.poll(seen).toBeGreaterThan(0);
    // It was there before the first look: no new connection, and what it carried before is not told.
    expect(counts(looking, 'caller')).toEqual({ connections: 0, sent: 0, received: 0 });
    client.kill();
    await client.exited;
    await looking.next();
    const after = (await looking.next(), seen());
    await looking.next();
    expect(seen()).toBe(after);
  });
});

const reason = spawnSync('ss', ['-V']).status === 0 ? undefined : 'it needs ss';

describe.skipIf(reason !== undefined)(`sockets of this host${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  });
  const start = (name: string, ...args: string[]): ChildProcess => {
    const child = spawn(process.execPath, [program(name), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    return child;
  };

  test('loopback inside: both ends are services; what this process itself asks is left out and counted', async () => {
    const looking = await startLooking();
    const port = await firstLine(start(answer, '127.0.0.1'));
    await firstLine(start(ask, '127.0.0.1', port));
    const own = connect({ host: '127.0.0.1', port: Number(port) });
    await once(own, 'connect');
    await expect
      .poll(() => [...looking.of(mark).keys()].sort())
      .toEqual([`callee service:${ask} → service:${answer}`, `caller service:${ask} → service:${answer}`]);
    await expect
      .poll(() => looking.collector.books.get('sockets')?.rejected.own_traffic ?? 0)
      .toBeGreaterThan(0);
    expect(looking.of(mark).get(`callee service:${ask} → service:${answer}`)?.connections).toBe(1);
    own.destroy();
  });

  test('restricted to an address, only what listens there is found, and all others are addresses', async () => {
    const here = '127.77.0.1';
    const there = '127.77.0.2';
    const looking = await startLooking({ onlyAddresses: [here] });
    const herePort = await firstLine(start(answer, here));
    const therePort = await firstLine(start(answer, there));
    await firstLine(start(ask, there, therePort, here));
    await firstLine(start(ask, here, herePort, there));
    await expect
      .poll(() => [...totals(looking.collector.observations).keys()].sort())
      .toEqual([
        `callee address:${there} → service:${answer}`,
        `caller service:${ask} → address:${there}:${therePort}`,
      ]);
    expect(looking.collector.found.map(({ name, listeners }) => [name, listeners.length]).sort()).toEqual([
      [answer, 1],
      [ask, 0],
    ]);
    expect(looking.collector.hostTold?.addresses).toEqual([here]);
  });

  test('after a stop nothing is handed in, and the books are closed', async () => {
    const looking = await startLooking();
    await running.pop()?.stop();
    const { observations, books } = looking.collector;
    expect([...books.values()].every((book) => book.isClosed)).toBe(true);
    const before = observations.length;
    start(answer, '127.0.0.1');
    expect(observations).toHaveLength(before);
  });
});
