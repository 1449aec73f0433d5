/**
 * A small service, as its file is called: copied under the name that it is to have, since a program's name is its script's.
 *
 *   node orders.mjs [listen=8080] [every=100] [log=/path] [redis://host:6379] [postgres://host:5432] [http://host:8080/path] …
 *
 * Asks all of its callees, one after the other, for each request that it gets, and every so many milliseconds when it does
 * not listen; `parallel=6` does so six times side by side, `from=40001` over one connection from that port. With `log`, each
 * HTTP request that it makes is a line there: `<time> asked <host:port> <path> <status> <duration>ms`. Connections are kept.
 *
 * Lines on standard input make it worse, 0 makes it well again: `delay 80` (ms before each answer, also as `delay=8` to begin
 * with), `tail 300` (ms more for every eighth), `fail 30` (% answered 500), `busy 150` (ms, again and again, in which it
 * accepts nobody; `backlog=1` has the kernel turn away who cannot wait).
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
const worse = { delay: setting('delay') || 0, tail: 0, fail: 0, busy: 0 };
let answered = 0;

createInterface({ input: process.stdin }).on('line', (line) => {
  const [, what, value] = /^(delay|tail|fail|busy) (\d+)$/.exec(line) ?? [];
  if (what === undefined) return;
  worse[what] = Number(value);
  if (what === 'busy') stayBusy();
});

if (Number.isNaN(setting('listen'))) {
  for (let loop = 0; loop < (setting('parallel') || 1); loop++) void callForEver();
} else {
  const server = createServer((_, answer) => {
    if (100 * Math.random() < worse.fail) return void answer.writeHead(500).end();
    callAll().then(
      () => answer.end('{"status":"ok"}'),
      () => answer.writeHead(502).end(),
    );
  });
  server.keepAliveTimeout = 600_000;
  const place = { port: setting('listen'), backlog: setting('backlog') || 511 };
  server.listen(place, () => console.log('listening'));
}

async function callForEver() {
  for (;;) {
    await callAll().catch(() => undefined);
    await wait(setting('every') || 100);
  }
}

async function callAll() {
  const slowMs = worse.delay + (++answered % 8 === 0 ? worse.tail : 0);
  if (slowMs > 0) await wait(slowMs);
  for (const call of callees) await call();
}

/** Works for so long without a look at anything else, and takes a breath in between. */
function stayBusy() {
  if (worse.busy === 0) return;
  const endMs = performance.now() + worse.busy;
  while (performance.now() < endMs);
  setTimeout(stayBusy, 15);
}

function caller(url) {
  if (url.protocol === 'redis:') return lineCaller(url, () => undefined, 'INCR calls\r\n');
  if (url.protocol === 'postgres:') return lineCaller(url, startPostgres, postgresQuery('select 1'));
  const localPort = setting('from') || undefined;
  const maxSockets = localPort === undefined ? 2 * (setting('parallel') || 1) : 1;
  const agent = new Agent({ keepAlive: true, maxSockets, timeout: 600_000 });
  return () =>
    new Promise((resolve, reject) => {
      const startedMs = performance.now();
      const asking = request(url, { agent, localPort, timeout: 10_000 }, (answer) => {
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
