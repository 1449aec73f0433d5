import { readFileSync } from 'node:fs';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { SecureContext } from 'node:tls';
import { ConfigurationError } from '@netring/service/configuration';
import { trustOf } from '@netring/service/tls-trust';

/** What to ask of whom. */
export interface TextQuestion {
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
  /** PEM file of the CA that the far end is believed through; absent: what the machine trusts. */
  caFile: string | undefined;
  withinMs: number;
  /** Ends it early. */
  signal: AbortSignal | undefined;
}

/** A whole answer. */
export interface TextAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
}

/** Nothing came in time. */
export class TooLate extends Error {
  override readonly name = 'TooLate';
}

/**
 * Asks by HTTP or HTTPS once, on a connection of its own, and reads the answer to its end. Redirects are not followed.
 *
 * @throws TooLate, or what the system says, with its code
 * @throws ConfigurationError when the CA's file cannot be used
 */
export function fetchText(url: URL, question: TextQuestion): Promise<TextAnswer> {
  const { method, headers, body, caFile, withinMs, signal } = question;
  const isTls = url.protocol === 'https:';
  const trust = isTls ? { secureContext: trustIn(caFile) } : {};
  const send = isTls ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: false, ...trust, ...(signal !== undefined && { signal }) };
    const sent = send(url, options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    const late = setTimeout(
      () => sent.destroy(new TooLate(`no answer within ${withinMs / 1000} s`)),
      withinMs,
    );
    sent.on('error', reject);
    sent.on('close', () => clearTimeout(late));
    sent.end(body);
  });
}

function trustIn(file: string | undefined): SecureContext {
  if (file === undefined) return trustOf(undefined);
  const name = `--ca or NETRING_TLS_CA: ${file}`;
  let pem: string;
  try {
    pem = readFileSync(file, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError([`${name} cannot be read (${code}): name the PEM file of the ring's CA`]);
  }
  if (!pem.includes('-----BEGIN CERTIFICATE-----'))
    throw new ConfigurationError([`${name} holds no certificate: it must be PEM, as start.sh makes ca.crt`]);
  return trustOf(pem);
}
