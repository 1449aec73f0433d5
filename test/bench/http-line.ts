import { connect, type Socket } from 'node:net';

export interface LineAnswer {
  status: number;
  body: string;
}

/** A kept-alive HTTP/1.1 connection for one request at a time: next to nothing beside what it measures. */
export interface HttpLine {
  /** `body` in latin1: what is sent here is ASCII. */
  ask(method: string, path: string, headers: string, body: string): Promise<LineAnswer>;
  close(): void;
}

/**
 * Opens a line to a server on loopback, from `localAddress`. An answer must say where it ends.
 */
export async function openLine(port: number, localAddress = '127.0.0.1'): Promise<HttpLine> {
  const socket = await opened(port, localAddress);
  const noNews = { resolve: (_: LineAnswer) => undefined, reject: (_: Error) => undefined };
  let waiting: { resolve(answer: LineAnswer): void; reject(error: Error): void } = noNews;
  let received = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    received = received === '' ? chunk : received + chunk;
    const answer = parseAnswer(received);
    if (answer === undefined) return;
    received = '';
    waiting.resolve(answer);
  });
  socket.on('error', (error) => waiting.reject(error));
  socket.on('close', () => waiting.reject(new Error(`The server on port ${port} closed the connection.`)));
  return {
    ask(method, path, headers, body) {
      const head = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${headers}content-length: ${body.length}\r\n\r\n`;
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(head + body, 'latin1');
      });
    },
    close() {
      waiting = noNews;
      socket.destroy();
    },
  };
}

function opened(port: number, localAddress: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });
}

/** The answer, once all of it is there. */
function parseAnswer(text: string): LineAnswer | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const status = Number(text.slice(9, 12));
  const head = text.slice(0, end + 2);
  if (/\r\ntransfer-encoding: chunked\r\n/i.test(head)) return chunkedAnswer(status, text.slice(end + 4));
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (length === undefined && status !== 304 && status !== 204)
    throw new Error(`An answer without an end: ${head}`);
  const wanted = end + 4 + Number(length ?? 0);
  return text.length < wanted ? undefined : { status, body: text.slice(end + 4, wanted) };
}

/** Its chunks one after the other (RFC 9112, 7.1), once the last one is there. */
function chunkedAnswer(status: number, text: string): LineAnswer | undefined {
  if (!text.endsWith('0\r\n\r\n')) return undefined;
  let body = '';
  for (let at = 0; ;) {
    const line = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, line), 16);
    if (size === 0) return { status, body };
    body += text.slice(line + 2, line + 2 + size);
    at = line + size + 4;
  }
}
