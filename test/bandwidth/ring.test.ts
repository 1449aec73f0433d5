import type { BandwidthOfPath, KeptBandwidthTest } from '@netring/contract/bandwidth';
import { encodeTicket, signTicket } from '@netring/contract/lease';
import type { PathAnswer } from '@netring/contract/path';
import { openStream } from '@netring/member/probe/bandwidth-wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLab } from '../lab/describe-lab.ts';
import { seriesOf } from '../ring/ask.ts';
import { allPaths, joinToken, locations, startLabRing, type LabRing } from '../ring/lab-ring.ts';
import { patienceMs, until } from '../ring/until.ts';

/** Of IP packets, as the lab counts; of them 1448 of 1500 bytes are TCP payload. */
const rates: Record<string, number> = { 'us1 eu1': 60, 'eu1 ap1': 30, 'us1 ap1': 15 };
const payload = 1448 / 1500;
const rateOf = (source: string, target: string) =>
  (rates[`${source} ${target}`] ?? rates[`${target} ${source}`] ?? NaN) * payload;

const isRight = ({ source, target, mbps }: { source: string; target: string; mbps: number }) =>
  Math.abs(mbps / rateOf(source, target) - 1) < 0.1;
/** Times of members are told on the registry's clock as exactly as a report is quick. */
const clockErrorMs = 1_000;

describeLab('bandwidth tests in a ring', () => {
  let ring: LabRing;
  const seen = new Map<string, KeptBandwidthTest>();

  const look = async (source: string, target: string): Promise<BandwidthOfPath> => {
    const answer = JSON.parse(await ring.reader.text(`/api/paths/${source}-a/${target}-a`)) as PathAnswer;
    const { latest } = answer.bandwidth;
    if (latest !== undefined) seen.set(latest.id, latest);
    return answer.bandwidth;
  };
  const lookAtAll = () =>
    Promise.all(
      allPaths.map(async (path) => {
        const [source = '', target = ''] = path.split('>');
        return { source, target, ...(await look(source, target)) };
      }),
    );

  beforeAll(async () => {
    ring = await startLabRing({
      members: { NETRING_BANDWIDTH_TEST_INTERVAL: '10', NETRING_LOG_LEVEL: 'debug' },
      before: async (lab) => {
        for (const [ends, rateMbit] of Object.entries(rates)) {
          const [a = '', b = ''] = ends.split(' ');
          await lab.link(a, b).set({ rateMbit });
        }
      },
    });
    await ring.whole();
  });
  afterAll(() => ring?.close());

  it('every path is tested, within a tenth of its rate or without a number', async () => {
    // A machine that is busy with other things may leave some without a number, and its lab with links that are slower than
    // they should be: they are tested again.
    const { value } = await until(
      'a test of every path, and four rates within a tenth',
      300_000,
      async () => {
        const all = await lookAtAll();
        const valid = all.flatMap(({ source, target, ...tests }) =>
          [tests.forward, tests.return].flatMap((one) =>
            one?.mbps === undefined ? [] : [{ source, target, mbps: one.mbps }],
          ),
        );
        const right = valid.filter(isRight);
        return all.every(({ latest }) => latest !== undefined) && right.length >= 4 && { valid, right };
      },
      () => JSON.stringify([...seen.values()]) + ring.logs().slice(-6000),
    );
    // No link carries more than its rate, whatever the machine does.
    for (const { source, target, mbps } of value.valid)
      expect([source, target, mbps / rateOf(source, target) < 1.1 ? 'right' : mbps]).toEqual([
        source,
        target,
        'right',
      ]);
  });

  it('none overlap: any two share a location here', () => {
    const tests = [...seen.values()].sort((a, b) => a.at_ms - b.at_ms);
    expect(tests.length).toBeGreaterThanOrEqual(6);
    for (const [at, test] of tests.slice(1).entries()) {
      const before = tests[at] as KeptBandwidthTest;
      expect(test.at_ms - test.duration_ms).toBeGreaterThan(before.at_ms - clockErrorMs);
      expect(test.fence).toBeGreaterThan(before.fence ?? Infinity);
    }
  });

  it('the rates stand in the metrics, with their age, and with the location paths', async () => {
    await until('series of rates, and of their ages', patienceMs, async () => {
      const texts = await Promise.all(
        locations.map(async (location) => (await ring.memberReader(location)).text('/metrics')),
      );
      const names = texts.flatMap((text) => [...seriesOf(text).keys()]);
      return ['netring_bandwidth_mbps', 'netring_bandwidth_age_seconds'].every((name) =>
        names.some((one) => one.startsWith(`${name}{`)),
      );
    });
    const { value } = await until('a rate of a location path', patienceMs, async () => {
      const { location_paths } = await ring.reader.overview();
      return location_paths.find(({ source, target, bandwidth }) =>
        isRight({ source, target, mbps: bandwidth?.forward_mbps ?? NaN }),
      );
    });
    expect(value.target_kind).toBe('member');
  });

  it('the far end serves nobody without a ticket of the ring, nor with an old one', async () => {
    const { port } = await ring.lab.location('eu1').expose(8757);
    const facts = { fence: 1, source: 'us1-a', target: 'eu1-a', deadline_ms: 10_000 };
    const answerTo = async (ticket: string) => {
      const opened = await openStream({ host: '127.0.0.1', port, ticket }, 'control', 5_000);
      return 'failure' in opened ? opened.failure.reason : 'served';
    };
    const encoded = (token: string, more = {}) => encodeTicket(signTicket(token, { ...facts, ...more }));
    expect(await answerTo('nothing')).toMatch(/403.*lease/);
    expect(await answerTo(encoded('another token of somebody'))).toMatch(/403.*lease/);
    expect(await answerTo(encoded(joinToken, { target: 'ap1-a' }))).toMatch(/403.*another member/);
    expect(await answerTo(encoded(joinToken))).toMatch(/409.*newer lease/);
  });
});
