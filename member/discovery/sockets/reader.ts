import { closeSync, openSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import { createDumpParser } from './dump-parser.ts';
import type { Namespace } from './namespaces.ts';
import type { NamespaceTable } from './namespace-table.ts';
import { parseProcNet } from './proc-parser.ts';
import type { SocketRow } from './socket-row.ts';
import { runCommand, type CommandEnd } from './socket-command.ts';
import { createTextParser } from './text-parser.ts';
import type { Stopwatch } from './throttle.ts';

/** Sockets looked at in one namespace; a machine with more is not seen whole, and that is said. */
const mostSockets = 1_000_000;
const mostProcBytes = 256 * 2 ** 20;

/**
 * How the sockets of a namespace were read. `statistics`: from the kernel, with round trips and bytes. `addresses`: from
 * `/proc`, without. `reason` says what was in the way of better.
 */
export type ReadOutcome =
  | { outcome: 'statistics'; bad: number }
  | { outcome: 'addresses'; bad: number; reason: string }
  | { outcome: 'cut short'; reason: string }
  | { outcome: 'unseen'; reason: string };

/** The ways to ask `ss`, the cheapest first: its dump of what the kernel said, its text. */
type Way = 'dump' | 'text';

export interface ReaderOptions {
  proc: string;
  /** The program; another one in tests. */
  ss: string;
  stopwatch: Stopwatch;
}

export interface Reader {
  /** Hands all sockets of a namespace to its table. */
  read(where: Namespace, table: NamespaceTable): Promise<ReadOutcome>;
}

export function createReader({ proc, ss, stopwatch }: ReaderOptions): Reader {
  let way: Way = endianness() === 'LE' ? 'dump' : 'text';

  const ask = async (where: Namespace, table: NamespaceTable): Promise<Asked> => {
    let sockets = 0;
    const sink = (row: SocketRow): void => {
      if (sockets++ < mostSockets) table.take(row, 'tcp');
    };
    const parser = way === 'dump' ? createDumpParser(sink) : createTextParser(sink);
    const states = ['state', 'established', 'state', 'listening'];
    const options = way === 'dump' ? ['-tinHOe', '-D', '-'] : ['-tinHOe'];
    const enter = where.isOwn ? [] : ['nsenter', `--net=${proc}/${where.pid}/ns/net`];
    const command = [...enter, ss, ...options, ...states] as [string, ...string[]];
    const running = stopwatch.time(() =>
      runCommand(command, (chunk) => {
        stopwatch.time(() => parser.push(chunk));
        return sockets > mostSockets ? 'stop' : undefined;
      }),
    );
    const end = await running;
    parser.end();
    return { end, sockets, objection: parser.objection(), bad: parser.bad() };
  };

  const readProc = (
    { pid, isOwn }: Namespace,
    table: NamespaceTable,
    files: readonly ProcFile[],
  ): number | undefined => {
    let bad: number | undefined;
    for (const file of files) {
      const text = readBounded(`${proc}/${isOwn ? 'self' : pid}/net/${file}`);
      if (text === undefined) continue;
      const transport = file.startsWith('tcp') ? 'tcp' : 'udp';
      bad = (bad ?? 0) + parseProcNet(text, (row) => table.take(row, transport));
    }
    return bad;
  };

  const readTcp = async (where: Namespace, table: NamespaceTable): Promise<ReadOutcome> => {
    let asked = await ask(where, table);
    // An `ss` whose dump cannot be read is asked for text from now on.
    if (asked.end.outcome === 'done' && asked.objection !== undefined && way === 'dump') {
      way = 'text';
      asked = await ask(where, table);
    }
    const { end, sockets, objection, bad } = asked;
    if (end.outcome === 'done' && objection === undefined) return { outcome: 'statistics', bad };
    const reason = reasonOf(end, objection);
    if (sockets > 0) return { outcome: 'cut short', reason };
    const badLines = stopwatch.time(() => readProc(where, table, ['tcp', 'tcp6']));
    return badLines === undefined
      ? { outcome: 'unseen', reason }
      : { outcome: 'addresses', bad: badLines, reason };
  };

  return {
    async read(where, table) {
      const outcome = await readTcp(where, table);
      stopwatch.time(() => readProc(where, table, ['udp', 'udp6']));
      return outcome;
    },
  };
}

interface Asked {
  end: CommandEnd;
  sockets: number;
  objection: string | undefined;
  bad: number;
}

type ProcFile = 'tcp' | 'tcp6' | 'udp' | 'udp6';

function reasonOf(end: CommandEnd, objection: string | undefined): string {
  if (end.outcome === 'missing') return `${end.program} is not installed`;
  return end.outcome === 'failed' ? end.reason : `what ss wrote cannot be read: ${objection}`;
}

/** The text of a file of which the length is not known before; `undefined` when it may not be read. */
function readBounded(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const pieces: Buffer[] = [];
    for (let length = 0; length < mostProcBytes;) {
      const piece = Buffer.allocUnsafe(256 * 1024);
      const got = readSync(file, piece);
      if (got === 0) break;
      pieces.push(piece.subarray(0, got));
      length += got;
    }
    return Buffer.concat(pieces).toString('latin1');
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}
