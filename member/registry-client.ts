import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { RingTls } from '@netring/service/ring-tls';
import { tlsTrouble } from '@netring/service/tls-trouble';

/** What came back from the registry: an answer with its status, or nothing. */
export type RegistryReply =
  | { kind: 'answered'; status: number; body: unknown }
  /** It could not be asked, or did not answer in a way that could be understood. */
  | { kind: 'away'; reason: string };

export interface RegistryCall {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  body?: unknown;
  /** Join token or session. */
  bearer: string | undefined;
  timeoutMs?: number | undefined;
}

export interface RegistryClient {
  call(call: RegistryCall): Promise<RegistryReply>;
  close(): void;
}

/** A registry that works answers in milliseconds; longer is as good as away, and there is a backlog to keep. */
const defaultTimeoutMs = 10_000;
/** Below this, packing costs more than the bytes it saves. */
const gzipFromBytes = 8192;
/** The member list of 10,000 members is 4 MB. */
const maxAnswerBytes = 16 << 20;

const pack = promisify(gzip);

/** Talks JSON with one registry over connections that are kept open; by `https:` it is believed through `tls`. */
export function createRegistryClient(url: string, tls: Pick<RingTls, 'trust'>): RegistryClient {
  const secure = url.startsWith('https:');
  const options = { keepAlive: true, maxSockets: 4 };
  // No session is taken up again: each new connection is held against the CA as it is then.
  const agent = secure ? new HttpsAgent({ ...options, maxCachedSessions: 0 }) : new HttpAgent(options);
  const request = secure ? requestHttps : requestHttp;
  return {
    async call({ method, path, body, bearer, timeoutMs = defaultTimeoutMs }) {
      const { headers, bytes } = await encoded(body);
      if (bearer !== undefined) headers.authorization = `Bearer ${bearer}`;
      return new Promise((resolve) => {
        const signal = AbortSignal.timeout(timeoutMs);
        const away = (error: Error) => {
          const trouble = secure ? tlsTrouble(error) : undefined;
          const reason = signal.aborted
            ? `no answer within ${timeoutMs / 1000} s`
            : (trouble ?? error.message);
          resolve({ kind: 'away', reason });
        };
        const trust = secure && { secureContext: tls.trust() };
        const sent = request(url + path, { method, headers, agent, signal, ...trust }, (response) => {
          read(response).then(resolve, away);
        });
        sent.on('error', away);
        sent.end(bytes);
      });
    },
    close: () => agent.destroy(),
  };
}

async function encoded(
  body: unknown,
): Promise<{ headers: Record<string, string>; bytes: Buffer | undefined }> {
  if (body === undefined) return { headers: {}, bytes: undefined };
  const plain = Buffer.from(JSON.stringify(body));
  const packed = plain.length > gzipFromBytes;
  const bytes = packed ? await pack(plain) : plain;
  const headers = { 'content-type': 'application/json', 'content-length': String(bytes.length) };
  return { headers: packed ? { ...headers, 'content-encoding': 'gzip' } : headers, bytes };
}

async function read(response: IncomingMessage): Promise<RegistryReply> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxAnswerBytes) {
      response.destroy();
      return { kind: 'away', reason: `its answer is longer than ${maxAnswerBytes} bytes` };
    }
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  const status = response.statusCode ?? 0;
  try {
    return { kind: 'answered', status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  } catch {
    // A proxy's error page, most likely: its status says what there is to know.
    return { kind: 'away', reason: `something that is no registry answered with status ${status}` };
  }
}
