import { request, type IncomingHttpHeaders } from 'node:http';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The body as JSON; `undefined` when it is none. */
  json: unknown;
}

export interface CallOptions {
  /** Sends the body in chunks, without announcing its length. */
  chunked?: boolean;
  method?: string;
  bearer?: string | undefined;
  headers?: Record<string, string>;
  /** An object goes as JSON, bytes and text as they are. */
  body?: object | Buffer | string | undefined;
}

/** Calls a server with the path exactly as it is written, which a browser's and `fetch`'s URL rules would clean up. */
export function call(base: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const { hostname, port } = new URL(base);
  const { body, bearer } = options;
  const bytes =
    typeof body === 'string' || Buffer.isBuffer(body) || body === undefined ? body : JSON.stringify(body);
  const headers = {
    ...(bytes === undefined ? {} : { 'content-type': 'application/json', ...lengthOf(bytes, options) }),
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...options.headers,
  };
  const method = options.method ?? (bytes === undefined ? 'GET' : 'POST');
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) });
      });
    });
    sent.on('error', reject);
    sent.end(bytes);
  });
}

function lengthOf(bytes: Buffer | string, { chunked = false }: CallOptions): Record<string, string> {
  return chunked
    ? { 'transfer-encoding': 'chunked' }
    : { 'content-length': String(Buffer.byteLength(bytes)) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
