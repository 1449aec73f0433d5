import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isValidRate, type BandwidthResult } from '@netring/contract/bandwidth';
import type { BandwidthRun } from '@netring/member/probe/index';
import { labUnavailableReason, startLab, type Lab } from '../../lab/index.ts';
import type { Bench, BenchResult, BenchRun, Figure } from '../bench.ts';
import { iperf3, iperf3Unavailable, type PeerRun } from './iperf3.ts';
import type { NearEndOrder } from './near-end.ts';

const grid = { rates: [10, 100, 500], roundTrips: [1, 20, 80, 150] };
const smallGrid = { rates: [10], roundTrips: [20] };
const far = { port: 9000, token: 'the-join-token-of-a-bench', instanceId: 'far-end' };
/** The lab's rate is of IP packets; both rates are of TCP payload, which is 1448 of 1500 bytes. */
const payloadShare = 1448 / 1500;
/** A rate that differs by more from what was set is wrong. */
const tolerated = 0.1;

export const bandwidth: Bench = {
  name: 'bandwidth',
  about:
    'rates of both directions against what a link was set to, and the bytes they take, beside 30 s of iperf3',
  async run(run) {
    const unavailable = labUnavailableReason();
    if (unavailable !== undefined) return { figures: [], counts: [], notes: [`not run: ${unavailable}`] };
    const lab = await startLab({
      locations: ['here', 'there'],
      links: [{ between: ['here', 'there'], rtt_ms: 1, rate_mbit: 10 }],
    });
    try {
      return await inLab(lab, run);
    } finally {
      await lab.close();
    }
  },
};

/** What one setting of the link gave. */
interface Measured {
  rateMbit: number;
  rttMs: number;
  ours: BandwidthRun;
  /** Bytes that crossed the link while we measured, forward and back; slow start, headers and echoes included. */
  bytes: { forward: number; return: number };
  peer: PeerRun | undefined;
}

async function inLab(lab: Lab, { smoke, say }: BenchRun): Promise<BenchResult> {
  const absent = iperf3Unavailable();
  const { rates, roundTrips } = smoke ? smallGrid : grid;
  const there = lab.location('there');
  const farEnd = await there.spawn(process.execPath, program('far-end.ts', far));
  await new Promise((resolve) => farEnd.stdout?.once('data', resolve));
  const all: Measured[] = [];
  for (const rateMbit of rates) {
    for (const rttMs of roundTrips) {
      say(`${rateMbit} Mbit/s, ${rttMs} ms`);
      await lab.link('here', 'there').set({ rateMbit, delayMs: rttMs / 2 });
      const one = await measure(lab, rateMbit, rttMs);
      const peer = absent === undefined ? await iperf3(lab, smoke ? 1 : 30) : undefined;
      all.push({ ...one, peer });
      for (const result of one.ours.results) say(`  ${inWords(result, rateMbit)}`);
    }
  }
  farEnd.kill();
  return resultOf(all, smoke, absent);
}

let fence = 1;

async function measure(lab: Lab, rateMbit: number, rttMs: number): Promise<Omit<Measured, 'peer'>> {
  const link = lab.link('here', 'there');
  const carried = () => Promise.all([link.towards('there').counters(), link.towards('here').counters()]);
  const order: NearEndOrder = { ...far, host: lab.location('there').address, fence: fence++ };
  const before = await carried();
  const { stdout, stderr } = await lab
    .location('here')
    .exec(process.execPath, program('near-end.ts', order), { timeoutMs: 60_000 });
  const after = await carried();
  const [forward = 0, back = 0] = after.map(({ bytes }, at) => bytes - (before[at]?.bytes ?? 0));
  if (stdout === '') throw new Error(`the near end said nothing: ${stderr}`);
  return { rateMbit, rttMs, ours: JSON.parse(stdout) as BandwidthRun, bytes: { forward, return: back } };
}

function resultOf(all: readonly Measured[], smoke: boolean, absent: string | undefined): BenchResult {
  const wrong = all.flatMap(({ ours, rateMbit }) =>
    ours.results.filter((one) => isValidRate(one) && Math.abs(shareOf(one, rateMbit) - 1) > tolerated),
  );
  const without = all.flatMap(({ ours, rateMbit, rttMs }) =>
    ours.results
      .filter((one) => !isValidRate(one))
      .map((one) => `${rateMbit} Mbit/s, ${rttMs} ms: ${inWords(one, rateMbit)}`),
  );
  return {
    figures: all.flatMap((one) => figuresOf(one, smoke)),
    counts: [{ name: 'rates more than a tenth from what was set', expected: 0, found: wrong.length }],
    notes: [
      'rates are of TCP payload, as shares of 1448/1500 of the rate that the link was set to; bytes are what the link carried',
      ...without,
      ...(absent === undefined ? [] : [`no peer: ${absent}`]),
    ],
  };
}

function figuresOf({ ours, bytes, peer, rateMbit, rttMs }: Measured, smoke: boolean): Figure[] {
  const where = `${rateMbit} Mbit/s, ${rttMs} ms`;
  const rates = ours.results.filter(isValidRate).map((one): Figure => ({
    name: `${where}, ${one.direction}`,
    unit: 'of the rate set',
    ours: shareOf(one, rateMbit),
    ...(peer !== undefined && one.direction === 'forward' && { peer: peer.mbps / (rateMbit * payloadShare) }),
    goal: { of: 'ours', is: 'at least', value: 1 - tolerated },
  }));
  const spent: Figure = {
    name: `${where}, forward bytes`,
    unit: 'MB',
    ours: bytes.forward / 1e6,
    ...(peer !== undefined && { peer: peer.bytes / 1e6 }),
    ...(!smoke && { goal: { of: 'ratio', is: 'at most', value: 1 / 3 } }),
  };
  return [...rates, spent];
}

function shareOf({ mbps = 0 }: BandwidthResult, rateMbit: number): number {
  return mbps / (rateMbit * payloadShare);
}

function inWords(result: BandwidthResult, rateMbit: number): string {
  const { direction, outcome, limited_by, mbps, seconds, streams, reason = '' } = result;
  const rate =
    mbps === undefined ? '' : `${mbps.toFixed(1)} Mbit/s (${shareOf(result, rateMbit).toFixed(3)})`;
  const limit = limited_by === undefined ? '' : `limited by ${limited_by}`;
  const words = [direction, outcome, rate, limit, `${seconds} s, ${streams} streams`, reason];
  return words.filter((word) => word !== '').join(', ');
}

/** How one of our own files is run: built, or as source in a test. */
function program(file: string, order: object): string[] {
  const here = fileURLToPath(import.meta.url);
  const isSource = extname(here) === '.ts';
  const flags = isSource
    ? ['-C', 'netring-source', '--import', join(dirname(here), '..', '..', 'store', 'run-source.js')]
    : [];
  const path = join(dirname(here), isSource ? file : file.replace(/\.ts$/, '.js'));
  return [...flags, path, JSON.stringify(order)];
}
