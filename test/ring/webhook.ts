import type { Location } from '../lab/index.ts';

/** A server inside a location that takes what is POSTed as JSON. */
export interface Webhook<T> {
  /** For who is in the same location. */
  url: string;
  /** Everything that came, the oldest first, each with the time of this process's monotonic clock. */
  messages: () => readonly (T & { atMs: number })[];
}

const program = `
  require('node:http').createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      console.log(JSON.stringify(JSON.parse(body)));
      response.end();
    });
  }).listen(Number(process.argv[1]), '127.0.0.1', () => console.log('listening'));`;

/** @param parse what came, or throws when it is something else */
export async function startWebhook<T extends object>(
  where: Location,
  port: number,
  parse: (json: unknown) => T,
): Promise<Webhook<T>> {
  const child = await where.spawn(process.execPath, ['-e', program, String(port)]);
  const received: (T & { atMs: number })[] = [];
  let rest = '';
  await new Promise<void>((resolve) =>
    child.stdout?.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === 'listening') resolve();
        else received.push({ ...parse(JSON.parse(line)), atMs: performance.now() });
      }
    }),
  );
  return { url: `http://127.0.0.1:${port}/`, messages: () => received };
}
