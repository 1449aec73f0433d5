import type { LocationPath } from '@netring/contract/path';
import type { MemberView } from '@netring/contract/member';
import type { Reader } from './ask.ts';
import { viewToken } from './lab-ring.ts';

/** Listens at `/events` throughout, as a dashboard does, and keeps every state that was shown. */
export interface Watch {
  /** The states that a location path went through, `us1>eu1`; the first is the one it was in. */
  statesOf(path: string): string[];
  /** The statuses that a member went through. */
  statusesOf(id: string): string[];
  /** All of it, for when a test fails. */
  told(): string;
  stop(): void;
}

/** Resolves when the first picture has come. */
export async function watchRing(reader: Reader): Promise<Watch> {
  const stopping = new AbortController();
  const answer = await fetch(`${reader.url}/events`, {
    headers: { authorization: `Bearer ${viewToken}` },
    signal: stopping.signal,
  });
  if (!answer.ok || answer.body === null) throw new Error(`GET /events: status ${answer.status}`);
  const shown = new Map<string, { atMs: number; what: string }[]>();
  const startedMs = performance.now();
  const note = (name: string, what: string) => {
    const list = shown.get(name) ?? [];
    shown.set(name, list);
    if (list.at(-1)?.what !== what) list.push({ atMs: Math.round(performance.now() - startedMs), what });
  };
  await new Promise<void>((resolve, reject) => {
    const take = (data: Shown) => {
      for (const path of data.location_paths ?? []) note(`${path.source}>${path.target}`, path.state);
      for (const member of data.members ?? []) note(member.instance_id, member.status);
      resolve();
    };
    readEvents(answer.body as ReadableStream<Uint8Array>, take).catch(reject);
  });
  const listOf = (name: string) => (shown.get(name) ?? []).map(({ what }) => what);
  return {
    statesOf: listOf,
    statusesOf: listOf,
    told: () =>
      [...shown]
        .map(([name, list]) => `${name}: ${list.map(({ atMs, what }) => `${atMs} ms ${what}`).join(', ')}`)
        .join('\n'),
    stop: () => stopping.abort(),
  };
}

interface Shown {
  location_paths?: LocationPath[];
  members?: MemberView[];
}

async function readEvents(body: ReadableStream<Uint8Array>, take: (data: Shown) => void): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const data = /^data: ?(.*)$/m.exec(frame)?.[1];
      if (data !== undefined) take(JSON.parse(data) as Shown);
    }
  }
}
