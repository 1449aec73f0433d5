import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** What came back: undefined when nothing did. */
export interface JsonAnswer {
  status: number;
  /** `undefined` when it is no JSON. */
  body: unknown;
}

export interface JsonQuestion {
  method?: 'GET' | 'POST';
  bearer?: string | undefined;
  body?: object;
  /** Of the CA that signs for the other end, as PEM. */
  ca?: string | undefined;
  /** Somebody of this machine is asked who it is: whose certificate it shows does not matter. */
  anyCertificate?: boolean;
}

const answersWithinMs = 10_000;
/** The member list of 10,000 members is 4 MB. */
const mostBytes = 16 << 20;

/** Asks once. What goes wrong on the way has been told by the stages before: it is no answer. */
export function askJson(url: URL, question: JsonQuestion = {}): Promise<JsonAnswer | undefined> {
  const { method = 'GET', bearer, body, ca, anyCertificate = false } = question;
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const headers = {
    connection: 'close',
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    ...(bytes !== undefined && { 'content-type': 'application/json', 'content-length': bytes.length }),
  };
  const trust = { ...(ca !== undefined && { ca }), ...(anyCertificate && { rejectUnauthorized: false }) };
  const signal = AbortSignal.timeout(answersWithinMs);
  return new Promise((resolve) => {
    const sent = send(url, { method, headers, agent: false, signal, ...trust }, (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        size += part.length;
        if (size > mostBytes) response.destroy();
        else parts.push(part);
      });
      response.on('close', () => resolve(undefined));
      response.on('error', () => resolve(undefined));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: jsonIn(Buffer.concat(parts)) }),
      );
    });
    sent.on('error', () => resolve(undefined));
    sent.end(bytes);
  });
}

function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
