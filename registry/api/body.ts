import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { describeInvalid } from '@netring/contract/error';
import type { z } from 'zod';
import { ApiError, refuse } from './api-error.ts';
import type { Call } from './context.ts';

const inflate = promisify(gunzip);

/** Reads a body of at most `limitBytes`, also after inflating; throws the answer to give. */
export async function readBody(c: Call, limitBytes: number): Promise<Buffer> {
  const raw = await readRaw(c, limitBytes);
  const encoding = c.req.header('content-encoding');
  if (encoding === undefined || encoding === 'identity') return raw;
  if (encoding !== 'gzip') throw refuse(415, 'unknown_encoding', 'content-encoding must be gzip or absent');
  try {
    return await inflate(raw, { maxOutputLength: limitBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limitBytes);
    throw refuse(400, 'broken_gzip', 'the body is not what content-encoding: gzip says');
  }
}

/** The JSON in a body; throws the answer to give. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw refuse(400, 'broken_json', 'the body is not JSON');
  }
}

const smallBodyBytes = 64 * 1024;

/** A small JSON body, held against `schema`. */
export async function readJson<T>(c: Call, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(parseJson(await readBody(c, smallBodyBytes)));
  if (!parsed.success) throw new ApiError(400, describeInvalid(parsed.error));
  return parsed.data;
}

/** Straight from the socket's stream where there is one: reports come by the thousand. */
async function readRaw(c: Call, limitBytes: number): Promise<Buffer> {
  const incoming = c.env.incoming;
  if (incoming === undefined) {
    const body = Buffer.from(await c.req.arrayBuffer());
    if (body.length > limitBytes) throw tooLarge(limitBytes);
    return body;
  }
  if (Number(incoming.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) return void chunks.push(chunk);
      incoming.removeAllListeners('data');
      incoming.resume();
      reject(tooLarge(limitBytes));
    });
    incoming.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    const broken = () => {
      if (!incoming.complete) reject(refuse(400, 'broken_body', 'the body did not come whole'));
    };
    incoming.on('error', broken);
    incoming.on('close', broken);
  });
}

function tooLarge(limitBytes: number): ApiError {
  return refuse(413, 'body_too_large', `the body may have at most ${limitBytes} bytes`, {
    connection: 'close',
  });
}
