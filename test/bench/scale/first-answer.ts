import { get } from 'node:http';
import { performance } from 'node:perf_hooks';

/** Milliseconds until `GET /api/overview` has answered in full, as for a dashboard that is opened. */
export function overviewMs(url: string): Promise<number> {
  return timed(`${url}/api/overview`, (text, ended) => ended && text.endsWith('}'));
}

/** Milliseconds until the event stream has sent its first snapshot in full. */
export function snapshotMs(url: string): Promise<number> {
  return timed(`${url}/events`, (text) => text.includes('event: snapshot') && text.endsWith('}\n\n'));
}

function timed(url: string, isWhole: (text: string, ended: boolean) => boolean): Promise<number> {
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false }, (response) => {
      let text = '';
      const look = (ended: boolean) => {
        if (!isWhole(text, ended)) return;
        resolve(performance.now() - startedMs);
        request.destroy();
      };
      response.setEncoding('latin1');
      response.on('data', (chunk: string) => {
        text += chunk;
        look(false);
      });
      response.on('end', () => look(true));
      response.on('close', () => reject(new Error(`${url} did not answer in full.`)));
    });
    request.on('error', reject);
  });
}
