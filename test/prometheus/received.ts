import { z } from 'zod';
import type { Location } from '../lab/index.ts';

const message = z.object({
  status: z.enum(['firing', 'resolved']),
  groupLabels: z.record(z.string(), z.string()),
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      labels: z.record(z.string(), z.string()),
      annotations: z.object({ summary: z.string() }),
    }),
  ),
});
/** What Alertmanager posts to a webhook, as far as tests look at it. */
export type Message = z.infer<typeof message> & { atMs: number };
export type ReceivedAlert = Message['alerts'][number];

/** A webhook receiver inside a location. */
export interface Receiver {
  port: number;
  /** Everything that came, the oldest first, each with the time of this process's monotonic clock. */
  messages: () => readonly Message[];
  /** The first message with an alert that is meant, in that state. */
  first(status: ReceivedAlert['status'], is: (alert: ReceivedAlert) => boolean): Message | undefined;
}

const program = `
  require('node:http').createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      console.log(JSON.stringify(JSON.parse(body)));
      response.end();
    });
  }).listen(Number(process.argv[1]), () => console.log('listening'));`;

export async function startReceiver(where: Location, port: number): Promise<Receiver> {
  const child = await where.spawn(process.execPath, ['-e', program, String(port)]);
  const received: Message[] = [];
  let rest = '';
  await new Promise<void>((resolve) =>
    child.stdout?.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === 'listening') resolve();
        else received.push({ ...message.parse(JSON.parse(line)), atMs: performance.now() });
      }
    }),
  );
  return {
    port,
    messages: () => received,
    first: (status, is) =>
      received.find(({ alerts }) => alerts.some((alert) => alert.status === status && is(alert))),
  };
}
