/**
 * One end of a bulk transfer: `node sink.mjs listen=9100` reads all that comes, until it is told `stop reading`, and again when
 * told `read on`;
 * `node feeder.mjs tcp://host:9100` writes about a megabyte a second, as far as it is read.
 */
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';

const [word = ''] = process.argv.slice(2);
const everyMs = 50;
const piece = Buffer.alloc(50_000);

if (word.startsWith('listen=')) {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.resume();
  });
  server.listen(Number(word.slice('listen='.length)), () => console.log('listening'));
  createInterface({ input: process.stdin }).on('line', (line) => {
    if (line === 'stop reading') for (const socket of sockets) socket.pause();
    if (line === 'read on') for (const socket of sockets) socket.resume();
  });
} else {
  const { hostname, port } = new URL(word);
  feed(hostname, Number(port));
}

function feed(host, port) {
  const socket = connect(port, host);
  const timer = setInterval(() => {
    if (socket.writableLength < piece.length) socket.write(piece);
  }, everyMs);
  socket
    .on('error', () => undefined)
    .on('close', () => {
      clearInterval(timer);
      setTimeout(() => feed(host, port), 1000);
    });
}
