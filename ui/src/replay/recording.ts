import type { AlertsAnswer } from '@netring/contract/alert';
import type { GraphAnswer } from '@netring/contract/graph';
import type { OverviewAnswer } from '@netring/contract/overview';
import type { PathsAnswer } from '@netring/contract/path';
import type { WindowsAnswer } from '@netring/contract/topology';
import { createUnpacker, type PackedWindow, type WindowOfGraph } from './pack-windows.ts';

/** What a replay file begins with. Times are epoch milliseconds of the registry. */
export interface Head {
  format: 'netring-replay';
  version: 1;
  /** Name and port that the dashboard was fetched from. */
  ring: string;
  made_ms: number;
  overview: OverviewAnswer;
  alerts?: AlertsAnswer;
  /** Member pairs of location pairs in trouble. */
  paths: { source: string; target: string; answer: PathsAnswer }[];
  /** The graph as it stood when the file was made, with everybody's places. */
  graph: GraphAnswer;
}

/** What it ends with. */
export interface End {
  /** Times that the slider offers. */
  windows: WindowsAnswer;
  /** Windows that were left out since the file would have become too large. */
  left_out: number;
}

/** A replay file that was opened. */
export interface Recording extends Head, End {
  /** Graphs of windows by `from to`, epoch milliseconds. */
  graphs: ReadonlyMap<string, WindowOfGraph>;
}

export function windowKey(fromMs: number | string, toMs: number | string): string {
  return `${fromMs} ${toMs}`;
}

/** Reads the lines of a replay file: the head, the windows as they were packed, the end. */
export function recordingFrom(lines: readonly string[]): Recording {
  const [head, ...rest] = lines.map((line) => JSON.parse(line) as unknown);
  const end = rest.pop() as End | undefined;
  if (!isHead(head) || end === undefined) throw new Error('This is no replay, or a later version of it.');
  const unpack = createUnpacker();
  const graphs = new Map<string, WindowOfGraph>();
  for (const packed of rest as PackedWindow[]) {
    const graph = unpack(packed);
    graphs.set(windowKey(graph.metadata.from_ms, graph.metadata.to_ms), graph);
  }
  return { ...head, ...end, graphs };
}

function isHead(head: unknown): head is Head {
  const { format, version } = (head ?? {}) as Partial<Head>;
  return format === 'netring-replay' && version === 1;
}
