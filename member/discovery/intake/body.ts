import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const inflate = promisify(gunzip);

/** As long as a report may be: 20,000 observations. */
export const mostBodyBytes = 4 * 1024 * 1024;

/** A body, or the answer to give instead. */
export type Body =
  | { kind: 'body'; bytes: Buffer }
  | { kind: 'refused'; status: 400 | 413 | 415; code: string; message: string };

/** Reads a body of at most `mostBytes` as it comes over the wire. */
export function readBody(incoming: IncomingMessage, mostBytes: number): Promise<Body> {
  if (Number(incoming.headers['content-length'] ?? 0) > mostBytes)
    return Promise.resolve(tooLarge(mostBytes));
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const broken = () =>
      resolve({ kind: 'refused', status: 400, code: 'broken_body', message: 'the body did not come whole' });
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= mostBytes) return void chunks.push(chunk);
      incoming.removeAllListeners('data');
      incoming.resume();
      resolve(tooLarge(mostBytes));
    });
    incoming.on('end', () => resolve({ kind: 'body', bytes: Buffer.concat(chunks) }));
    incoming.on('error', broken);
    incoming.on('close', broken);
  });
}

/** Unpacks what `content-encoding` says, to {@link mostBodyBytes} at most. */
export async function unpacked(bytes: Buffer, encoding: string | undefined): Promise<Body> {
  if (encoding === undefined || encoding === 'identity') return { kind: 'body', bytes };
  if (encoding !== 'gzip') {
    const message = 'content-encoding must be gzip or absent';
    return { kind: 'refused', status: 415, code: 'unknown_encoding', message };
  }
  try {
    return { kind: 'body', bytes: await inflate(bytes, { maxOutputLength: mostBodyBytes }) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(mostBodyBytes);
    const message = 'the body is not what content-encoding: gzip says';
    return { kind: 'refused', status: 400, code: 'broken_gzip', message };
  }
}

function tooLarge(mostBytes: number): Body {
  const message = `the body may have at most ${mostBytes} bytes, also unpacked: send it in parts`;
  return { kind: 'refused', status: 413, code: 'body_too_large', message };
}
