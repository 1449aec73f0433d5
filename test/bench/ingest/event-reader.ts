import { get } from 'node:http';

/** A dashboard that listens: reads the event stream and counts the events. */
export interface EventReader {
  events(): number;
  close(): void;
}

export function readEvents(url: string): Promise<EventReader> {
  return new Promise((resolve, reject) => {
    const request = get(`${url}/events`, (response) => {
      let events = 0;
      response.setEncoding('latin1');
      response.on('data', (chunk: string) => (events += chunk.split('\nevent: ').length - 1));
      response.on('error', () => undefined);
      if (response.statusCode === 200) resolve({ events: () => events, close: () => request.destroy() });
      else reject(new Error(`/events was answered ${response.statusCode}.`));
    });
    request.on('error', reject);
  });
}
