import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { LookupFunction } from 'node:net';

/** A body on its way to somebody's server. */
export interface Post {
  /** A name and password in it are sent as basic authentication. */
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** JSON. */
  body: string;
  /** How the name is resolved; absent: as everywhere. */
  lookup?: LookupFunction;
  /** Ends the wait for an answer before its time. */
  signal?: AbortSignal | undefined;
}

/** What came back. */
export interface Posted {
  status: number;
  /** What the server asks to be left alone for, milliseconds. */
  retryAfterMs?: number;
}

const limitMs = 5_000;

/** Nothing came back; the message says why, without the address. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/**
 * POSTs JSON on a connection of its own. Redirects are not followed, and what the answer says is not read.
 *
 * @throws Unanswered when the server cannot be reached, or does not answer within 5 s or before `signal`.
 */
export function post({ url, headers, body, lookup, signal: ends }: Post): Promise<Posted> {
  const send = url.protocol === 'https:' ? secureRequest : plainRequest;
  const bytes = Buffer.from(body);
  const all = {
    'content-type': 'application/json',
    'content-length': bytes.length,
    'user-agent': 'netring',
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(limitMs);
    const own = lookup === undefined ? {} : { lookup };
    const sent = send(url, { method: 'POST', headers: all, agent: false, signal, ...own }, (response) => {
      const retryAfterS = Number(response.headers['retry-after']);
      const later = retryAfterS > 0 ? { retryAfterMs: retryAfterS * 1000 } : {};
      resolve({ status: response.statusCode ?? 0, ...later });
      response.destroy();
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      const reason = signal.aborted ? `it did not answer within ${limitMs / 1000} s` : reasonOf(error);
      reject(new Unanswered(reason));
    });
    const cut = () => void sent.destroy(new Error('it had not answered when this process ended'));
    ends?.addEventListener('abort', cut);
    sent.once('close', () => ends?.removeEventListener('abort', cut));
    if (ends?.aborted === true) cut();
    sent.end(bytes);
  });
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  return code ?? message;
}
