import { createServer, type IncomingMessage } from 'node:http';
import type { Place } from '../ring/ring-plan.ts';

/** What a service of the shop answers. */
export interface JsonAnswer {
  status: number;
  body: object;
}

/** What it was asked. */
export interface JsonQuestion {
  method: string;
  path: string;
  body: unknown;
}

/** Serves JSON over HTTP; a handler that fails becomes a 502, as behind most gateways. `onAnswered` is told of each. */
export function serveJson(
  place: Place,
  handle: (question: JsonQuestion) => Promise<JsonAnswer>,
  onAnswered: (whom: string, what: string, startedMs: number) => void = () => undefined,
): void {
  const server = createServer((request, response) => {
    const startedMs = performance.now();
    const { remoteAddress = '-' } = request.socket;
    void answer(request, handle).then(({ status, body }) => {
      onAnswered(remoteAddress, `${request.method} ${request.url} ${status}`, startedMs);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  server.listen(place);
}

async function answer(
  request: IncomingMessage,
  handle: (question: JsonQuestion) => Promise<JsonAnswer>,
): Promise<JsonAnswer> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { method = 'GET', url: path = '/' } = request;
    return await handle({ method, path, body: text === '' ? undefined : JSON.parse(text) });
  } catch (error) {
    return { status: 502, body: { error: error instanceof Error ? error.message : String(error) } };
  }
}
