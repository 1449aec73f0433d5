import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, quantile, type Bench, type BenchResult, type Figure, type Goal } from '../bench.ts';
import { startNode } from '../program.ts';
import { delays } from './delay.ts';
import { goaccessSeconds } from './goaccess.ts';
import { writeLog } from './log-file.ts';
import { logKinds, type LogKind } from './lines.ts';
import type { LogOrder, LogReport } from './log-order.ts';

const goals: Readonly<Partial<Record<LogKind, Goal>>> = {
  'traefik-json': { of: 'ours', is: 'at least', value: 300_000 },
  'traefik-clf': { of: 'ours', is: 'at least', value: 700_000 },
  nginx: { of: 'ratio', is: 'at least', value: 3 },
};
/** A Traefik line tells of two hops, one of nginx's combined form of one. */
const hops: Readonly<Record<LogKind, number>> = {
  'traefik-json': 2,
  'traefik-clf': 2,
  nginx: 1,
  'nginx-json': 2,
};
const longBytes = 10e9;
/** A proxy's log is a stream: what a program takes to get warm is its first second's, and not counted to each line. */
const streamed: readonly LogKind[] = ['traefik-json', 'traefik-clf'];
const streamRounds = 6;

export const logs: Bench = {
  name: 'logs',
  about:
    'lines of access logs per second of processor time, from the file to the totals of buckets, beside goaccess; ' +
    'memory over 10 GB; the delay from a line written to a line counted',
  async run({ smoke, say }) {
    const [rounds, lines, written] = smoke ? [1, 5000, 5] : [3, 500_000, 300];
    const folder = await mkdtemp(join(tmpdir(), 'netring-bench-logs-'));
    try {
      const sizes = new Map<LogKind, number>();
      for (const kind of logKinds) sizes.set(kind, await writeLog(join(folder, kind), kind, lines));
      const second = (kind: LogKind) => join(folder, `${kind}.second`);
      if (!smoke) for (const kind of streamed) await writeLog(second(kind), kind, lines);
      const orderOf = (kind: LogKind): LogOrder =>
        !smoke && streamed.includes(kind)
          ? { files: [join(folder, kind), second(kind)], kind, lines, rounds: streamRounds }
          : { files: [join(folder, kind)], kind, lines, rounds: 1 };
      const reports = new Map<LogKind, LogReport[]>(logKinds.map((kind) => [kind, []]));
      const peers: number[] = [];
      for (let round = 1; round <= rounds; round++) {
        say(`round ${round} of ${rounds}`);
        for (const kind of logKinds) reports.get(kind)?.push(await read(orderOf(kind)));
        const seconds = await goaccessSeconds(join(folder, 'nginx'));
        if (seconds !== undefined) peers.push(lines / seconds);
      }
      if (smoke) await writeLog(second('traefik-json'), 'traefik-json', lines);
      const files = [join(folder, 'traefik-json'), second('traefik-json')];
      const many = smoke ? 4 : Math.ceil(longBytes / (sizes.get('traefik-json') as number));
      say(`memory over ${many} files of ${Math.round((sizes.get('traefik-json') as number) / 1e6)} MB`);
      const long = await read({ files, kind: 'traefik-json', lines, rounds: many });
      say('the delay of a line');
      return resultOf(reports, peers, long, await delays(written), { smoke, lines, many });
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function read(order: LogOrder): Promise<LogReport> {
  const reader = await startNode('logs/reader.ts', order);
  try {
    const done = await reader.printed(/^done (.*)$/m, 60_000 + (order.lines * order.rounds) / 10);
    return JSON.parse(done[1] as string) as LogReport;
  } finally {
    await reader.stop();
  }
}

interface Sizes {
  smoke: boolean;
  lines: number;
  many: number;
}

function resultOf(
  reports: ReadonlyMap<LogKind, LogReport[]>,
  peers: readonly number[],
  long: LogReport,
  delaysMs: readonly number[],
  { smoke, lines, many }: Sizes,
): BenchResult {
  const figures = [...reports].map(([kind, list]): Figure => {
    const goal = goals[kind];
    return {
      name: kind,
      unit: 'lines per CPU second',
      ours: median(list.map((one) => one.perCpuSecond)),
      ...(kind === 'nginx' && peers.length > 0 ? { peer: median(peers) } : {}),
      ...(goal === undefined ? {} : { goal }),
    };
  });
  const all = [...reports].flatMap(([kind, list]) =>
    list.map((one) => ({ kind, one, lines: lines * (smoke || !streamed.includes(kind) ? 1 : streamRounds) })),
  );
  const atMost = (value: number): Goal => ({ of: 'ours', is: 'at most', value });
  return {
    figures: [
      ...figures,
      { name: 'over the long run', unit: 'lines per CPU second', ours: long.perCpuSecond },
      { name: 'resident at its end', unit: 'MB', ours: long.endBytes / 1e6 },
      {
        name: 'its end to its first quarter',
        unit: 'ratio',
        ours: long.endBytes / long.quarterBytes,
        goal: atMost(1.2),
      },
      { name: 'line counted, p95', unit: 'ms', ours: quantile(delaysMs, 0.95), goal: atMost(500) },
    ],
    counts: [
      {
        name: 'lines counted',
        expected: all.reduce((sum, one) => sum + one.lines, lines * many),
        found: all.reduce((sum, { one }) => sum + one.taken, long.taken),
      },
      {
        name: 'hops counted',
        expected: all.reduce((sum, one) => sum + one.lines * hops[one.kind], 2 * lines * many),
        found: all.reduce((sum, { one }) => sum + one.observations, long.observations),
      },
      {
        name: 'lines refused',
        expected: 0,
        found: all.reduce((sum, { one }) => sum + one.rejected, long.rejected),
      },
    ],
    notes: peers.length > 0 ? [] : ['goaccess is not installed: the goal for nginx is not judged'],
  };
}
