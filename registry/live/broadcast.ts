import type { ServerResponse } from 'node:http';
import type { EventData, EventName } from '@netring/contract/event';

/** Sends what changes to everybody who listens at `/events`. */
export interface Broadcast {
  send<N extends EventName>(name: N, data: EventData<N>): void;
  /** Adds a listener: resumes after `lastEventId` where the ring still holds it, else begins with a snapshot. False: too many. */
  join(response: ServerResponse, lastEventId: string | undefined, snapshot: () => string): boolean;
  listeners(): number;
  close(): void;
}

/** Six dashboards at each of forty desks; each holds a socket and shares the encoded frames. */
const mostListeners = 256;
/** Ten minutes of a calm ring, some seconds of a stormy one: a reconnecting dashboard seldom needs a snapshot. */
const ringFrames = 512;
const ringBytes = 8 * 1024 * 1024;
/** A listener that lags by more is let go: it comes back and gets a snapshot, which is less than what it has missed. */
const mostBufferedBytes = 8 * 1024 * 1024;

interface Frame {
  n: number;
  bytes: Buffer;
}

/** @param replica goes into the event ids, since each replica has a ring of its own. */
export function createBroadcast(replica: string): Broadcast {
  const listening = new Set<ServerResponse>();
  const ring: Frame[] = [];
  let ringSize = 0;
  let n = 0;

  return {
    send(name, data) {
      n++;
      const bytes = frame(name, JSON.stringify(data));
      ring.push({ n, bytes });
      ringSize += bytes.length;
      while (ring.length > ringFrames || ringSize > ringBytes)
        ringSize -= ring.shift()?.bytes.length ?? ringSize;
      for (const one of listening) deliver(one, bytes);
    },
    join(response, lastEventId, snapshot) {
      if (listening.size >= mostListeners) return false;
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        // Proxies that buffer would hold the events back.
        'x-accel-buffering': 'no',
      });
      response.write('retry: 1000\n\n');
      const missed = missedAfter(lastEventId);
      if (missed === undefined) response.write(frame('snapshot', snapshot()));
      else for (const { bytes } of missed) response.write(bytes);
      listening.add(response);
      response.on('close', () => listening.delete(response));
      return true;
    },
    listeners: () => listening.size,
    close() {
      for (const one of listening) one.end();
    },
  };

  function frame(name: EventName, data: string): Buffer {
    return Buffer.from(`id: ${replica}-${n}\nevent: ${name}\ndata: ${data}\n\n`);
  }

  /** The frames after `lastEventId`; `undefined` when the ring no longer reaches back to it. */
  function missedAfter(lastEventId: string | undefined): Frame[] | undefined {
    const prefix = `${replica}-`;
    if (lastEventId?.startsWith(prefix) !== true) return undefined;
    const last = Number(lastEventId.slice(prefix.length));
    const oldest = ring[0]?.n ?? n + 1;
    if (!Number.isInteger(last) || last > n || last < oldest - 1) return undefined;
    return ring.filter((one) => one.n > last);
  }

  function deliver(response: ServerResponse, bytes: Buffer): void {
    if (response.writableLength > mostBufferedBytes) {
      listening.delete(response);
      response.destroy();
    } else response.write(bytes);
  }
}
