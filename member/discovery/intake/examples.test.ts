import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serveIntake, type ServedIntake } from './served-intake.ts';

const run = promisify(execFile);
const example = (name: string) => fileURLToPath(new URL(`../../../docs/examples/${name}`, import.meta.url));

let intake: ServedIntake;
beforeEach(async () => {
  intake = await serveIntake();
});
afterEach(() => intake.stop());

/** What an awk program of the examples makes of lines. */
async function awk(program: string, lines: readonly string[]): Promise<string> {
  const child = spawn('awk', ['-f', example(program)], { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stdin.end(`${lines.join('\n')}\n`);
  await once(child, 'close');
  return output;
}

/** Now, as tshark 4.0.17 writes it. */
const nowS = () => `${(Date.now() / 1000).toFixed(6)}123`;

test('answers that tshark saw are requests of who got them', async () => {
  // As tshark printed them for three requests over loopback, the first timed from the SYN on; then one of no IPv4.
  const lines = [
    `${nowS()}\t127.0.0.1\t42866\t127.0.0.1\t18099\t200\t0.047113882\t193`,
    `${nowS()}\t127.0.0.1\t42878\t127.0.0.1\t18099\t500\t0.020644609\t193`,
    `${nowS()}\t127.0.0.1\t42878\t127.0.0.1\t18099\t200\t\t193`,
    `${nowS()}\t\t42878\t\t18099\t200\t0.02\t193`,
  ];
  const answer = await intake.post(await awk('tshark-requests.awk', lines));
  expect(await answer.json()).toMatchObject({ taken: 3, refused: 0 });
  expect(intake.told()).toMatchObject([
    {
      from: 'address:127.0.0.1',
      to: 'address:127.0.0.1:18099',
      protocol: 'http',
      requests: 3,
      server_errors: 1,
      bytes_received: 579,
      latency_count: 2,
      latency_sum_ms: 67.759,
    },
  ]);
});

test('first packets that tshark saw are connections of who sent them', async () => {
  const lines = [`${nowS()}\t10.0.0.1\t42866\t10.0.0.2\t5432`, `${nowS()}\t10.0.0.1\t42878\t10.0.0.2\t5432`];
  const answer = await intake.post(await awk('tshark-connections.awk', lines));
  expect(await answer.json()).toMatchObject({ taken: 2, refused: 0 });
  expect(intake.told()).toMatchObject([
    {
      from: 'address:10.0.0.1',
      to: 'address:10.0.0.2:5432',
      protocol: 'postgres',
      evidence: 'flow',
      requests: 2,
    },
  ]);
});

/** Something that answers questions as Prometheus does: one series for each metric of the table. */
async function servePrometheus(series: Record<string, { metric: object; value: string }[]>): Promise<Server> {
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://x').searchParams.get('query') ?? '';
    const name = /increase\((\w+)\{/.exec(query)?.[1] ?? '';
    const result = (series[name] ?? []).map(({ metric, value }) => ({
      metric,
      value: [Date.now() / 1000, value],
    }));
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

test.each([
  [
    'istio',
    ['istio_requests_total', 'istio_request_duration_milliseconds_sum'],
    {
      source_workload: 'web',
      source_workload_namespace: 'shop',
      destination_workload: 'orders',
      destination_workload_namespace: 'shop',
      request_protocol: 'grpc',
    },
    'response_code',
    'grpc',
  ],
  [
    'linkerd',
    ['response_total', 'response_latency_ms_sum'],
    { deployment: 'web', namespace: 'shop', dst_deployment: 'orders', dst_namespace: 'shop' },
    'status_code',
    'http',
  ],
])('what %s has counted is counted', async (mesh, [requests = '', sums = ''], labels, status, protocol) => {
  const ok = { ...labels, [status]: '200' };
  const failed = { ...labels, [status]: '503' };
  const prometheus = await servePrometheus({
    [requests]: [
      { metric: ok, value: '90.5' },
      { metric: failed, value: '10' },
      { metric: { ...ok, ...labels, [status]: '404' }, value: '0' },
    ],
    [sums]: [
      { metric: ok, value: '1810' },
      { metric: failed, value: '5000' },
    ],
  });
  const { port } = prometheus.address() as AddressInfo;
  const { stdout } = await run(process.execPath, [
    example('mesh-metrics.mjs'),
    mesh,
    `http://127.0.0.1:${port}`,
    intake.url(''),
    '30',
  ]);
  expect(stdout).toContain('"taken":2');
  expect(intake.told()).toMatchObject([
    {
      from: 'peer:web',
      to: 'peer:orders',
      protocol,
      requests: 100.5,
      server_errors: 10,
      latency_sum_ms: 6810,
    },
  ]);
  prometheus.close();
});
