/**
 * A small service, as its file is called: copied under the name that it is to have, since a program's name is its script's.
 *
 *   node orders.mjs [listen=8080] [every=100] [log=/path] [redis://host:6379] [postgres://host:5432] [http://host:8080/path] …
 *
 * Asks all of its callees, one after the other, for each request that it gets, and every so many milliseconds when it does
 * not listen. With `log`, each HTTP request that it makes is a line there: `<time> asked <host:port> <path> <status>
 * <duration>ms`. A line on standard input tells it to be slow: `delay 80`. Connections are kept.
 */
import { appendFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

const words = process.argv.slice(2);
const setting = (name) => Number(words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1));
const log = words.find((word) => word.startsWith('log='))?.slice('log='.length);
const callees = words.filter((word) => word.includes('://')).map((word) => caller(new URL(word)));
let delayMs = 0;

createInterface({ input: process.stdin }).on('line', (line) => {
  delayMs = Number(/^delay (\d+)$/.exec(line)?.[1] ?? delayMs);
});

if (Number.isNaN(setting('listen'))) {
  for (;;) {
    await callAll().catch(() => undefined);
    await wait(setting('every') || 100);
  }
} else {
  const server = createServer((_, answer) => {
    callAll().then(
      () => answer.end('{"status":"ok"}'),
      () => answer.writeHead(502).end(),
    );
  });
  server.keepAliveTimeout = 600_000;
  server.listen(setting('listen'), () => console.log('listening'));
}

async function callAll() {
  if (delayMs > 0) await wait(delayMs);
  for (const call of callees) await call();
}

function caller(url) {
  if (url.protocol === 'redis:') return lineCaller(url, () => undefined, 'INCR calls\r\n');
  if (url.protocol === 'postgres:') return lineCaller(url, startPostgres, postgresQuery('select 1'));
  const agent = new Agent({ keepAlive: true, maxSockets: 2, timeout: 600_000 });
  return () =>
    new Promise((resolve, reject) => {
      const startedMs = performance.now();
      const asking = request(url, { agent, timeout: 10_000 }, (answer) => {
        answer
          .on('end', () => {
            note(url, answer.statusCode, startedMs);
            if (answer.statusCode === 200) resolve();
            else reject(new Error('bad status'));
          })
          .resume();
      });
      asking.on('timeout', () => asking.destroy(new Error('no answer')));
      asking.on('error', reject).end();
    });
}

function note({ host, pathname }, status, startedMs) {
  if (log === undefined) return;
  const tookMs = (performance.now() - startedMs).toFixed(1);
  appendFileSync(log, `${new Date().toISOString()} asked ${host} ${pathname} ${status} ${tookMs}ms\n`);
}

/** Asks over one kept connection; whatever comes back is the answer. */
function lineCaller(url, start, question) {
  let socket;
  return () =>
    new Promise((resolve, reject) => {
      if (socket === undefined || socket.destroyed) {
        socket = connect(Number(url.port), url.hostname).on('error', () => undefined);
        start(socket);
      }
      socket.once('data', () => resolve()).once('close', () => reject(new Error('closed')));
      socket.write(question);
      socket.setTimeout(10_000, () => socket.destroy());
    }).finally(() => socket.removeAllListeners('data').removeAllListeners('close'));
}

function startPostgres(socket) {
  const words = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(words.length + 8, 0);
  head.writeInt32BE(196_608, 4);
  socket.write(Buffer.concat([head, words]));
}

function postgresQuery(text) {
  const words = Buffer.from(`${text}\0`);
  const head = Buffer.alloc(5);
  head.write('Q');
  head.writeInt32BE(words.length + 4, 1);
  return Buffer.concat([head, words]);
}
