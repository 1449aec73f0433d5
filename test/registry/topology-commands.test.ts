import assert from 'node:assert/strict';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, it, vi } from 'vitest';
import { call } from './call.ts';
import { startRegistry, type RunningRegistry } from './start-registry.ts';
import { join } from './test-member.ts';
import { at, inventoryOf, listening, service, trafficOf } from './traffic-of-member.ts';

const netring = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url));
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A registry that knows of one call: `orders` to `payments`. */
async function withGraph(): Promise<RunningRegistry> {
  const registry = await startRegistry();
  closing.push(() => registry.stop());
  const { url } = registry;
  const a = await join(url, 'a', { location: 'us1', ip: '10.0.0.1' });
  const b = await join(url, 'b', { location: 'us1', ip: '10.0.0.2' });
  await b.report({}, { inventory: inventoryOf('host-b', '10.0.0.2', [listening('payments', 8080)]) });
  await a.report(
    {},
    {
      inventory: inventoryOf('host-a', '10.0.0.1', [listening('orders', 80)]),
      traffic: [trafficOf(0, 0, [{ from: service('orders'), to: at('10.0.0.2', 8080), requests: 4 }])],
    },
  );
  await vi.waitFor(async () => assert.match((await call(url, '/topology/map')).text, /payments/), {
    timeout: 60_000,
    interval: 20,
  });
  return registry;
}

interface Run {
  code: number | null;
  out: string;
  error: string;
}

/** Runs it in a shell, as people do. */
function shell(command: string, url: string): Promise<Run> {
  const environment = { ...process.env, NETRING_REGISTRY_URL: url, NETRING: netring };
  return ended(spawn('bash', ['-o', 'pipefail', '-c', command], { env: environment }));
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<Run> {
  const run: Run = { code: null, out: '', error: '' };
  child.stdout.on('data', (chunk: Buffer) => (run.out += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (run.error += chunk.toString('utf8')));
  [run.code] = (await once(child, 'close')) as [number | null];
  return run;
}

describe('netring topology', () => {
  it('prints every drawing and every answer, and nothing else', async () => {
    const { url } = await withGraph();
    const from = new Date(Date.now() - 60_000).toISOString();
    const commands: [string, RegExp][] = [
      ['graph --colour incidents', /^digraph topology \{[^]*orders/],
      ['map', /APPLICATION TOPOLOGY MAP[^]*payments/],
      ['report', /^# [^]*## Link performance[^]*orders/],
      ['sample', /^\{\n {2}"now_ms"/],
      ['nodes --role member', /^NAME [^]*\na +member/],
      ['links --node orders', /^FROM [^]*\norders +payments/],
      ['service payments', /payments[^]*orders/],
      ['critical', /^SERVICE [^]*us1\/payments/],
      ['slow --latency-ms 1', /us1\/orders/],
      ['patterns', /dependencies +1/],
      [`diff --from ${from}`, /\S/],
      ['links --json', /^\{\n {2}"now_ms"/],
    ];
    // One process for all: each would take its second to start.
    const each = `
      const { runCommandLine } = await import(process.env.COMMAND_LINE);
      for (const one of JSON.parse(process.env.COMMANDS)) {
        const code = await runCommandLine(['topology', ...one.split(' ')]);
        process.stdout.write('\\0' + code + '\\0');
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', each], {
      env: {
        ...process.env,
        NETRING_REGISTRY_URL: url,
        COMMAND_LINE: netring.replace('main.js', 'command-line.js'),
        COMMANDS: JSON.stringify(commands.map(([command]) => command)),
      },
    });
    const { out, error } = await ended(child);
    assert.equal(error, '');
    const answers = out.split('\0');
    commands.forEach(([command, expected], index) => {
      assert.equal(answers[2 * index + 1], '0', command);
      assert.match(answers[2 * index] ?? '', expected);
    });
  });

  it('is read by dot, and by those that do not read to the end', async () => {
    const { url } = await withGraph();
    const drawn = await shell('node "$NETRING" topology graph | dot -Tsvg', url);
    assert.deepEqual([drawn.code, drawn.error], [0, '']);
    assert.match(drawn.out, /<svg/);
    const { code, error } = await shell('node "$NETRING" topology sample | true', url);
    assert.deepEqual([code, error], [0, '']);
  });

  it('says what is wrong on the error output only', async () => {
    const { url } = await withGraph();
    const wrong = await shell('node "$NETRING" topology service nobody', url);
    assert.equal(wrong.code, 1);
    assert.equal(wrong.out, '');
    assert.match(wrong.error, /no such service/);
  });

  it('exports again and again until Ctrl-C', async () => {
    const { url } = await withGraph();
    const folder = await mkdtemp(joinPath(tmpdir(), 'netring-export-'));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    const args = ['topology', 'export', '--every', '1s', '--keep', '2', '--dir', folder, '--registry', url];
    const child = spawn('node', [netring, ...args]);
    let error = '';
    child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString('utf8')));
    await vi.waitFor(() => assert(error.split('written to').length > 3), { timeout: 60_000, interval: 50 });
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 0, error);
    const names = await readdir(folder);
    assert.equal(names.length, 8);
    assert(names.every((name) => /^(graph|map|report|sample)-\d{8}T\d{6}Z\.(dot|txt|md|json)$/.test(name)));
  });
});
