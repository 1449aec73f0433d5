import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Place } from '../ring/ring-plan.ts';
import { logAsked } from './request-log.ts';

const answersWithinMs = 2_000;

interface Waiting {
  startedMs: number;
  resolve: (left: number) => void;
  reject: (error: Error) => void;
}

/** Asks stock over one lasting connection, which is made anew when it broke; answers come in the order of questions. */
export function createStockClient(from: string, { host, port }: Place): (line: string) => Promise<number> {
  let socket: Socket | undefined;
  let waiting: Waiting[] = [];

  function open(): Socket {
    const fresh = connect({ host, port, localAddress: from });
    fresh.setTimeout(answersWithinMs, () => {
      if (waiting.length > 0) fresh.destroy(new Error('stock did not answer in time'));
    });
    fresh.on('error', () => undefined);
    fresh.on('close', () => {
      socket = undefined;
      const left = waiting;
      waiting = [];
      for (const one of left) one.reject(new Error('the connection to stock broke'));
    });
    const lines = createInterface({ input: fresh });
    // It passes on what went wrong with the connection, which nobody but the connection is to deal with.
    lines.on('error', () => undefined);
    lines.on('line', (line) => {
      const one = waiting.shift();
      if (one !== undefined) logAsked({ host, port }, 'TAKE', one.startedMs);
      if (line.startsWith(':')) one?.resolve(Number(line.slice(1)));
      else one?.reject(new Error(`stock says ${line.slice(1)}`));
    });
    return fresh;
  }

  return (line) =>
    new Promise((resolve, reject) => {
      socket ??= open();
      waiting.push({ startedMs: performance.now(), resolve, reject });
      socket.write(`${line}\r\n`);
    });
}
