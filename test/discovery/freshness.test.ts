import { once } from 'node:events';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLab } from '../lab/describe-lab.ts';
import type { LabProcess } from '../lab/index.ts';
import { patienceMs, until } from '../ring/until.ts';
import { listenToGraph, type GraphStream } from './graph-stream.ts';
import { startDiscoveryRing, type DiscoveryRing } from './lab-ring.ts';

const isLong = process.env.NETRING_TEST_LONG === '1';
/** Repetitions of each kind. */
const [ofLogs, ofSockets] = isLong ? [40, 20] : [8, 3];
const sampleS = 2;

describeLab('a new dependency', () => {
  let ring: DiscoveryRing;
  let stream: GraphStream;
  let asker: LabProcess;
  let log: string;
  const eu1 = () => ring.lab.location('eu1');

  beforeAll(async () => {
    ring = await startDiscoveryRing('three-sites');
    log = join(ring.folder, 'access.json');
    await writeFile(log, '');
    const us1 = ring.lab.location('us1');
    const addresses = Array.from({ length: ofSockets }, (_, at) => `10.2.0.${100 + at}`);
    for (const address of addresses)
      await eu1().exec('ip', ['address', 'add', `${address}/24`, 'dev', 'eth0']);
    const server = await ring.startProgram(eu1(), 'bulk', 'server', ['listen=9000']);
    await once(server.stdout as NonNullable<typeof server.stdout>, 'data');
    asker = await ring.startProgram(us1, 'asker', 'asker', []);
    await ring.startMember(us1, 'us1', {
      NETRING_ACCESS_LOGS: `${log} format=nginx-json service=proxy`,
      NETRING_REPORT_INTERVAL: '2',
      NETRING_SAMPLE_INTERVAL: String(sampleS),
    });
    stream = await listenToGraph(ring.reader.url);
    // From here on the member reads the file and has looked at the sockets.
    const writing = setInterval(() => void appendFile(log, line('10.8.0.1')), 500);
    await shown('proxy 10.8.0.1').finally(() => clearInterval(writing));
    await asked(eu1().address);
    await shown(`asker ${eu1().address}`);
  });
  afterAll(async () => {
    stream?.close();
    await ring?.close();
  });

  /** Has a connection made; resolves when it stands. */
  const asked = async (address: string) => {
    asker.stdin?.write(`${address} 9000\n`);
    const [said] = (await once(asker.stdout as NonNullable<typeof asker.stdout>, 'data')) as [Buffer];
    expect(said.toString()).toBe(`asked ${address} 9000\n`);
  };
  const line = (address: string) =>
    `${JSON.stringify({
      msec: (Date.now() / 1000).toFixed(3),
      remote_addr: eu1().address,
      request_method: 'GET',
      uri: '/',
      status: '200',
      request_time: '0.020',
      upstream_addr: `${address}:8080`,
      upstream_status: '200',
      upstream_response_time: '0.018',
    })}\n`;

  /** Waits for a `graph` event with the dependency, `asker 10.2.0.100`; gives when it came. */
  const shown = async (wanted: string): Promise<number> => {
    const [source = '', target = ''] = wanted.split(' ');
    const { value } = await until(
      `a graph event of ${wanted}`,
      patienceMs,
      () =>
        Promise.resolve(
          stream.changes.find(({ changed }) =>
            changed.dependencies.some(
              (one) => one.source_service.endsWith(`/${source}`) && one.target_service.endsWith(`/${target}`),
            ),
          ),
        ),
      ring.logs,
    );
    return value.atMs;
  };

  const figures = (what: string, tookMs: number[]) => {
    tookMs.sort((a, b) => a - b);
    const at = (share: number) => Math.round(tookMs[Math.ceil(share * tookMs.length) - 1] as number);
    console.log(
      `a new dependency from ${what}, ${tookMs.length} times: median ${at(0.5)} ms, p95 ${at(0.95)} ms`,
    );
  };

  it('from an access log is on the stream', async () => {
    const tookMs: number[] = [];
    for (let at = 0; at < ofLogs; at++) {
      // Never in step with anything that is done every second or two.
      await wait(200 + Math.random() * 500);
      const startedMs = performance.now();
      const address = `10.9.0.${at + 1}`;
      await appendFile(log, line(address));
      tookMs.push((await shown(`proxy ${address}`)) - startedMs);
    }
    figures('an access log', tookMs);
  });

  it('from sockets is on the stream', async () => {
    const tookMs: number[] = [];
    for (let at = 0; at < ofSockets; at++) {
      await wait(Math.random() * 1000 * sampleS);
      const address = `10.2.0.${100 + at}`;
      await asked(address);
      const startedMs = performance.now();
      tookMs.push((await shown(`asker ${address}`)) - startedMs);
    }
    figures(`sockets that are looked at every ${sampleS} s`, tookMs);
  });
});
