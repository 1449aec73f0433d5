import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as requestInClear, type IncomingMessage } from 'node:http';
import { Agent, request, type RequestOptions } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { listen, type Listening } from './listen.ts';
import { createLogger } from './log.ts';
import { makeCa, makeCertificate, opensslMissing, type MadePair } from './made-certificates.ts';
import { openRingTls, type RingTls } from './ring-tls.ts';
import type { OnUpgrade } from './tls-server.ts';

/** Node knows more than its types do. */
type Options = RequestOptions & { secureContext?: SecureContext };

interface Answer {
  response: IncomingMessage;
  socket: Socket;
  /** Of the certificate shown. */
  serial: string;
  text: string;
}

const missing = opensslMissing();

describe.skipIf(missing !== undefined)(
  `a port that speaks TLS${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let folder: string;
    let ca: MadePair;
    let pair: MadePair;
    let tls: RingTls;
    let server: Listening;
    const log = createLogger('member', 'silent' as 'error');

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'netring-tls-server-'));
      ca = makeCa(folder, 'ca');
      pair = makeCertificate(folder, 'node', ca, { names: 'IP:127.0.0.1' });
    });
    afterEach(async () => {
      await server.close(0);
      tls.stop();
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    const start = async (onUpgrade?: OnUpgrade) => {
      tls = openRingTls({ tlsCert: pair.cert, tlsKey: pair.key, tlsCa: ca.cert }, log);
      const app = { fetch: (asked: Request) => new Response(`hello by ${new URL(asked.url).protocol}`) };
      const options = { host: '127.0.0.1', port: 0, maxConnections: 10, tls };
      server = await listen(app, { ...options, ...(onUpgrade && { onUpgrade }) });
    };
    const ask = (send: typeof request, options: Options) =>
      new Promise<Answer>((resolve, reject) => {
        const sent = send(
          { host: '127.0.0.1', port: server.port, agent: false, ...options } as Options,
          (response) => {
            const { socket } = response;
            const serial =
              'getPeerCertificate' in socket ? (socket as TLSSocket).getPeerCertificate().serialNumber : '';
            let text = '';
            response.on('data', (chunk: Buffer) => (text += chunk.toString()));
            response.on('end', () => resolve({ response, socket, serial, text }));
          },
        );
        sent.on('error', reject).end();
      });

    test('answers by TLS, and in clear only that it does so', async () => {
      await start();
      const secure = await ask(request, { secureContext: tls.trust() });
      expect(secure.text).toBe('hello by https:');
      const clear = await ask(requestInClear, {});
      expect(clear.response.statusCode).toBe(400);
      expect(clear.text).toContain('write https://');
      const headers = { accept: 'text/html', host: 'registry.example:8756' };
      const page = await ask(requestInClear, { headers, path: '/paths?a=b' });
      expect(page.response.statusCode).toBe(307);
      expect(page.response.headers.location).toBe('https://registry.example:8756/paths?a=b');
    });

    test('speaks no TLS below 1.2', async () => {
      await start();
      const old = connectTls({
        host: '127.0.0.1',
        port: server.port,
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
      });
      const [error] = (await once(old, 'error')) as [NodeJS.ErrnoException];
      expect(error.code).toMatch(/^ERR_SSL_|EPROTO|ECONNRESET/);
    });

    test('a connection that says nothing ends with the server', async () => {
      await start();
      const silent = connect(server.port, '127.0.0.1');
      silent.on('error', () => undefined);
      await once(silent, 'connect');
      // The server has seen it once it has answered somebody who came later.
      await ask(request, { secureContext: tls.trust() });
      const closed = once(silent, 'close');
      await server.close(60_000);
      await closed;
    });

    test('a handshake that does not go on ends with the server', async () => {
      await start();
      const stuck = connect(server.port, '127.0.0.1');
      stuck.on('error', () => undefined);
      stuck.write(Buffer.of(0x16));
      await once(stuck, 'connect');
      // The server has seen it once it has answered somebody who came later.
      await ask(request, { secureContext: tls.trust() });
      const beganMs = performance.now();
      const closed = once(stuck, 'close');
      await server.close(0);
      await closed;
      // Not only by the handshake's own limit of 10 s.
      expect(performance.now() - beganMs).toBeLessThan(9_500);
    });

    test('a new certificate is shown to new connections, and none that stands is dropped', async () => {
      await start();
      const agent = new Agent({ keepAlive: true, maxSockets: 1, maxCachedSessions: 0 });
      const kept = { agent, secureContext: tls.trust() };
      const first = await ask(request, kept);
      const before = first.serial;
      pair = makeCertificate(folder, 'node', ca, { names: 'IP:127.0.0.1' });
      process.emit('SIGHUP');
      const other = await ask(request, { secureContext: tls.trust() });
      expect(other.serial).not.toBe(before);
      const again = await ask(request, kept);
      expect(again.socket).toBe(first.socket);
      agent.destroy();
    });

    test('what cannot be used is not taken: the old certificate stays', async () => {
      await start();
      writeFileSync(pair.key, 'no key');
      process.emit('SIGHUP');
      expect((await ask(request, { secureContext: tls.trust() })).text).toBe('hello by https:');
      pair = makeCertificate(folder, 'node', ca, { names: 'IP:127.0.0.1' });
    });

    test('files that were replaced are seen without a signal', async () => {
      vi.useFakeTimers({ toFake: ['setInterval'] });
      try {
        await start();
        const changed = vi.fn();
        tls.onChange(changed);
        pair = makeCertificate(folder, 'node', ca, { names: 'IP:127.0.0.1', days: 10 });
        await vi.advanceTimersByTimeAsync(6_000);
        expect(changed).not.toHaveBeenCalled();
        await vi.advanceTimersByTimeAsync(6_000);
        expect(changed).toHaveBeenCalledOnce();
        expect(Math.round(((tls.ends()[0]?.untilMs ?? 0) - Date.now()) / 86_400_000)).toBe(10);
      } finally {
        vi.useRealTimers();
      }
    });

    test('an upgrade comes in clear, and its connection can be handed to another process', async () => {
      const script = join(folder, 'answers.cjs');
      writeFileSync(script, "process.on('message', (_, socket) => socket.end('101 by another process'));");
      const child = fork(script);
      const heads: number[] = [];
      await start((_, socket, head) => {
        heads.push(head.length);
        // As the probe process is handed connections.
        child.send('take it', Object.assign(socket as Socket, { server: undefined }), {}, () =>
          socket.destroy(),
        );
      });
      const socket = connect(server.port, '127.0.0.1');
      socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n');
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.toString()).toBe('101 by another process');
      expect(heads).toEqual([0]);
      socket.destroy();
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    });
  },
);
