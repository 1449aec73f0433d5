import { Agent, request } from 'node:http';
import type { Place } from '../ring/ring-plan.ts';
import { logAsked } from './request-log.ts';
import type { JsonAnswer } from './serve-json.ts';

const answersWithinMs = 2_000;

/** A caller of one service, at `from`: its connections are seen to come from there. */
export function createCaller(
  from: string,
  to: Place,
): (method: string, path: string, body?: object) => Promise<JsonAnswer> {
  const agent = new Agent({ keepAlive: true, maxSockets: 4, timeout: 30_000 });
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const startedMs = performance.now();
      const options = { ...to, localAddress: from, agent, method, path, timeout: answersWithinMs };
      const call = request(options, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => {
          const status = response.statusCode ?? 0;
          logAsked(to, `${method} ${path} ${status}`, startedMs);
          resolve({ status, body: JSON.parse(text) as object });
        });
      });
      call.on('timeout', () => call.destroy(new Error(`${to.host}:${to.port} did not answer in time`)));
      call.on('error', reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
}
