import { request, type IncomingMessage } from 'node:http';
import { events, type EventName } from '@netring/contract/event';
import { expect } from 'vitest';

export interface StreamEvent {
  id: string;
  name: EventName;
  /** Valid against its schema in the contract. */
  data: Record<string, unknown>;
  atMs: number;
}

export interface EventStream {
  /** All so far. */
  events: StreamEvent[];
  named(name: EventName): StreamEvent[];
  /** Whether the far end has let it go. */
  ended(): boolean;
  /** No longer reads what comes. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** Listens at `/events` as a dashboard does. */
export async function listenToEvents(base: string, lastEventId?: string): Promise<EventStream> {
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const asked = request(`${base}/events`, { headers, agent: false });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    asked.on('response', resolve);
    asked.on('error', reject);
    asked.end();
  });
  const got: StreamEvent[] = [];
  let text = '';
  let isOver = false;
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    const frames = (text + chunk).split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) if (frame.startsWith('id: ')) got.push(eventOf(frame));
  });
  response.on('error', () => undefined);
  response.on('close', () => (isOver = true));
  return {
    events: got,
    named: (name) => got.filter((one) => one.name === name),
    ended: () => isOver,
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    close: () => void response.destroy(),
  };
}

function eventOf(frame: string): StreamEvent {
  const parts = /^id: (.+)\nevent: (\w+)\ndata: (.+)$/.exec(frame);
  const [, id = '', name = '', data = ''] = parts ?? [];
  const parsed = events[name as EventName].safeParse(JSON.parse(data));
  expect(parsed.error, `${name} event`).toBeUndefined();
  return {
    id,
    name: name as EventName,
    data: parsed.data as Record<string, unknown>,
    atMs: performance.now(),
  };
}
