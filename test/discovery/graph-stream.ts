import type { GraphChanged } from '@netring/contract/graph';
import { viewToken } from '../ring/lab-ring.ts';

/** The `graph` events of a registry, as a dashboard gets them. */
export interface GraphStream {
  readonly changes: readonly { atMs: number; changed: GraphChanged }[];
  close(): void;
}

/** Listens at `/events`. */
export async function listenToGraph(url: string): Promise<GraphStream> {
  const stopping = new AbortController();
  const headers = { authorization: `Bearer ${viewToken}` };
  const answer = await fetch(`${url}/events`, { headers, signal: stopping.signal });
  if (!answer.ok || answer.body === null) throw new Error(`GET /events: status ${answer.status}`);
  const changes: { atMs: number; changed: GraphChanged }[] = [];
  const read = async (body: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) {
        const data = /^event: graph\ndata: (.*)$/m.exec(frame)?.[1];
        if (data !== undefined)
          changes.push({ atMs: performance.now(), changed: JSON.parse(data) as GraphChanged });
      }
    }
  };
  // It ends when it is closed; what a test waits for then does not come, and it says so itself.
  read(answer.body as ReadableStream<Uint8Array>).catch(() => undefined);
  return { changes, close: () => stopping.abort() };
}
