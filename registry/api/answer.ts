import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Call } from './context.ts';
import { securityHeaders } from './headers.ts';

/**
 * Answers with JSON, straight onto the socket's stream where there is one. For what members call by the thousand: a
 * `Response` and its stream take longer than a report takes to be stored.
 */
export function answerJson(c: Call, value: object): Response {
  const outgoing = c.env.outgoing;
  if (outgoing === undefined) return c.json(value);
  const body = JSON.stringify(value);
  outgoing.writeHead(200, {
    ...securityHeaders,
    'cache-control': 'no-store',
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  outgoing.end(body);
  return RESPONSE_ALREADY_SENT;
}
