import { spawn } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createHttpProbe } from './http.ts';
import { createNames } from './names.ts';
import type { Options, Target } from './probe.ts';
import { probeTcp as probeTcpBy } from './tcp.ts';

const servers: Server[] = [];
/** Knows this machine, and no name server. */
const names = createNames((host, found) => {
  const unknown = Object.assign(new Error('not known'), { code: 'ENOTFOUND' });
  setImmediate(() => (host === 'localhost' ? found(null, '127.0.0.1') : found(unknown, '')));
});
const probeHttp = createHttpProbe(names);
const probeTcp = (target: Target, options: Options, signal: AbortSignal) =>
  probeTcpBy(target, options, signal, names);
const never = new AbortController().signal;
/** Servers that do not close because the far end has. */
const halfOpen = { allowHalfOpen: true };
const noEnd = 'no complete answer within 0.2 s';
/** For probes whose time is not up in any test, however busy the machine. */
const patient = { timeoutMs: 60_000 };

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const port = await listening(createServer());
  await new Promise((done) => servers.pop()?.close(done));
  return port;
}

const target = (port: number, more: Partial<Target> = {}): Target => ({
  key: 'k',
  kind: 'tcp',
  host: '127.0.0.1',
  port,
  closing: 'reset',
  ...more,
});

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Sends `head`, and then `more` until the far end has closed for good, whatever it says before. */
function goesOn(socket: Socket, head: string, more: string): Promise<unknown> {
  socket.write(head);
  const timer = setInterval(() => socket.write(more), 5);
  // An error is how a closed far end is noticed.
  socket.on('error', () => undefined).resume();
  return new Promise((resolve) => socket.once('close', resolve)).finally(() => clearInterval(timer));
}

/** Whether it comes before a far end that closes by the book would be given up. */
function soon(what: Promise<unknown> | undefined): Promise<boolean> {
  return Promise.race([Promise.resolve(what).then(() => true), wait(1500, false)]);
}

describe('the tcp probe', () => {
  it('times the connect', async () => {
    const port = await listening(createServer((socket) => socket.on('error', () => undefined)));
    for (const closing of ['reset', 'polite'] as const) {
      const startedMs = performance.now();
      const result = await probeTcp(target(port, { closing }), patient, never);
      expect(result).toMatchObject({ kind: 'tcp', outcome: 'ok' });
      // Beyond a second a SYN was lost, and there is no time to tell.
      if (performance.now() - startedMs > 900) continue;
      expect(result.connect_ms).toBeGreaterThan(0);
      expect(result.connect_ms).toBeLessThanOrEqual(performance.now() - startedMs);
    }
  });

  it('lets go of a far end that goes on sending after it was told that this is the end', async () => {
    let closed: Promise<unknown> | undefined;
    const port = await listening(createServer(halfOpen, (socket) => void (closed = goesOn(socket, '', 'x'))));
    await probeTcp(target(port, { closing: 'polite' }), patient, never);
    await vi.waitFor(() => expect(closed).toBeDefined(), 60_000);
    await closed;
  });

  it('says that a port is closed', async () => {
    const result = await probeTcp(target(await closedPort()), patient, never);
    expect(result).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('refused') as string,
    });
    expect(result.connect_ms).toBeUndefined();
  });

  it('times out when a listener takes no connection', async () => {
    // A stopped process with a full queue: the kernel drops further SYNs, as a dead host does.
    const code =
      "require('net').createServer().listen({host:'127.0.0.1',port:0,backlog:1},function(){console.log(this.address().port)})";
    const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      child.kill('SIGSTOP');
      const port = Number(line.toString());
      const fill = () => probeTcp(target(port, { closing: 'polite' }), { timeoutMs: 300 }, never);
      const outcomes = (await Promise.all([fill(), fill(), fill(), fill()])).map(({ outcome }) => outcome);
      expect(outcomes).toContain('timeout');
      const lost = await fill();
      expect(lost).toMatchObject({ outcome: 'timeout', reason: 'no connection within 0.3 s' });
      expect(lost.connect_ms).toBeUndefined();
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('says that a name is not known', async () => {
    const result = await probeTcp(target(80, { host: 'nobody.invalid' }), patient, never);
    expect(result.outcome).toBe('resolve_failed');
  });

  it('is void when it is stopped', async () => {
    const stop = new AbortController();
    const probing = probeTcp(target(9, { host: '192.0.2.1' }), patient, stop.signal);
    stop.abort();
    expect((await probing).outcome).toBe('void');
  });
});

describe('the http probe', () => {
  const http = (port: number, more: Partial<Target> = {}) =>
    target(port, { kind: 'http', path: '/health', ...more });

  it('keeps its phases apart', async () => {
    let [askedMs, begunMs, endedMs] = [NaN, NaN, NaN];
    const server = createHttpServer((request, response) => {
      askedMs = performance.now();
      expect(request.url).toBe('/health');
      expect(request.headers.host).toMatch(/^localhost:\d+$/);
      setTimeout(() => {
        begunMs = performance.now();
        response.write('slow ');
        setTimeout(() => {
          endedMs = performance.now();
          response.end('end');
        }, 60);
      }, 40);
    });
    const port = await listening(server);
    const startedMs = performance.now();
    const result = await probeHttp(http(port, { host: 'localhost' }), patient, never);
    expect(result).toMatchObject({ kind: 'http', outcome: 'ok', status: 200 });
    expect(result.name_ms).toBeGreaterThan(0);
    // The times are rounded to microseconds.
    expect(result.connect_ms).toBeLessThanOrEqual(askedMs - startedMs + 0.01);
    expect(result.first_byte_ms).toBeGreaterThanOrEqual(begunMs - askedMs - 0.01);
    expect(result.total_ms).toBeGreaterThanOrEqual(endedMs - askedMs - 0.01);
    expect(result.total_ms).toBeGreaterThan(result.first_byte_ms ?? Infinity);
    expect(result.total_ms).toBeLessThanOrEqual(performance.now() - startedMs + 0.01);
  });

  it.each([
    [200, 'ok'],
    [302, 'ok'],
    [404, 'bad_status'],
    [503, 'bad_status'],
  ])('status %d is %s, and an answer all the same', async (status, outcome) => {
    const port = await listening(createHttpServer((_, response) => response.writeHead(status).end()));
    const result = await probeHttp(http(port), patient, never);
    expect(result).toMatchObject({ outcome, status });
  });

  it('times out when the answer does not come, with the phases it got through', async () => {
    const port = await listening(createServer((socket) => socket.on('error', () => undefined).resume()));
    // On a busy machine the time may be up before the connection is there: once more then.
    const result = await vi.waitFor(async () => {
      const one = await probeHttp(http(port), { timeoutMs: 200 }, never);
      expect(one).toMatchObject({ outcome: 'timeout', connect_ms: expect.any(Number) as number });
      return one;
    }, 60_000);
    expect(result.status).toBeUndefined();
  });

  it('says what talks to it when that is not HTTP', async () => {
    const port = await listening(
      createServer((socket) => socket.on('error', () => undefined).end('220 mail.example ESMTP\r\n')),
    );
    const result = await probeHttp(http(port), patient, never);
    expect(result).toMatchObject({ outcome: 'bad_status', reason: 'the answer is not HTTP' });
  });

  it('was answered with a status when the answer has no end in time, and lets go of it', async () => {
    let closed: Promise<unknown> | undefined;
    const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n';
    const port = await listening(
      createServer(halfOpen, (socket) => void (closed = goesOn(socket, head, 'data: x\n\n'))),
    );
    // On a busy machine the time may be up before the first byte is here, or the end be told late: once more then.
    await vi.waitFor(async () => {
      const result = await probeHttp(http(port, { closing: 'polite' }), { timeoutMs: 200 }, never);
      expect(result).toMatchObject({ outcome: 'timeout', status: 200, reason: noEnd });
      expect(result.first_byte_ms).toBeGreaterThan(0);
      expect(result.total_ms).toBeUndefined();
      expect(await soon(closed)).toBe(true);
    }, 60_000);
  });

  it('reads no more of an answer than it needs', async () => {
    let closed: Promise<unknown> | undefined;
    const head = 'HTTP/1.1 200 OK\r\n\r\n';
    const text = 'x'.repeat(20_000);
    const port = await listening(
      createServer(halfOpen, (socket) => void (closed = goesOn(socket, head, text))),
    );
    await vi.waitFor(async () => {
      const result = await probeHttp(http(port, { closing: 'polite' }), patient, never);
      expect(result).toMatchObject({ outcome: 'ok', status: 200 });
      expect(await soon(closed)).toBe(true);
    }, 60_000);
  });

  it('says that an answer was broken off, with its status', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc';
    const port = await listening(
      createServer((socket) =>
        socket
          .on('error', () => undefined)
          .end(answer)
          .resume(),
      ),
    );
    expect(await probeHttp(http(port), patient, never)).toMatchObject({
      outcome: 'bad_status',
      status: 200,
      reason: 'the connection was closed within the answer',
    });
  });

  it('says that TLS failed', async () => {
    const port = await listening(createHttpServer((_, response) => response.end()));
    const result = await probeHttp(http(port, { tls: true }), patient, never);
    expect(result.outcome).toBe('tls_failed');
  });
});
