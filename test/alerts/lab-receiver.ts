import { notification, type Notification, type NotifiedAlert } from '@netring/contract/notification';
import type { Location } from '../lab/index.ts';
import { secretPath } from './http-receiver.ts';

/** What came, and when by this process's monotonic clock. */
export type Message = Notification & { atMs: number };

/** A webhook's server inside a location. */
export interface LabReceiver {
  /** For who is in the same location. */
  url: string;
  /** Everything that came, the oldest first. */
  messages: () => readonly Message[];
  /** The first that tells such an alert in that state. */
  first(state: Notification['state'], is: (alert: NotifiedAlert) => boolean): Message | undefined;
}

const port = 9098;
const program = `
  require('node:http').createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      console.log(JSON.stringify(JSON.parse(body)));
      response.end();
    });
  }).listen(${port}, '127.0.0.1', () => console.log('listening'));`;

export async function startLabReceiver(where: Location): Promise<LabReceiver> {
  const child = await where.spawn(process.execPath, ['-e', program]);
  const received: Message[] = [];
  let rest = '';
  await new Promise<void>((resolve) =>
    child.stdout?.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === 'listening') resolve();
        else received.push({ ...notification.parse(JSON.parse(line)), atMs: performance.now() });
      }
    }),
  );
  return {
    url: receiverUrl,
    messages: () => received,
    first: (state, is) => received.find((one) => one.state === state && one.alerts.some(is)),
  };
}

export const receiverUrl = `http://127.0.0.1:${port}/${secretPath}`;
