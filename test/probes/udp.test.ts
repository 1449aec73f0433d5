import type { UdpResult } from '@netring/contract/result';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { freshAttempts } from '../lab/accuracy.ts';
import { describeLab } from '../lab/describe-lab.ts';
import { networkPath, startLab, type Lab } from '../lab/index.ts';
import { patienceMs, until } from '../ring/until.ts';
import { buildNetring } from '../start/built-netring.ts';
import { startLabProber, targetAt, type LabProber } from './lab-prober.ts';

const probers: LabProber[] = [];
afterEach(() => {
  for (const prober of probers.splice(0)) prober.stop();
});

/** Probes eu1 from us1, while eu1 does the same in turn. */
async function startBoth(lab: Lab): Promise<LabProber> {
  const [us1, eu1] = [lab.location('us1'), lab.location('eu1')];
  const there = await startLabProber(us1, [targetAt('udp', eu1)]);
  const back = await startLabProber(eu1, [targetAt('udp', us1)]);
  probers.push(there, back);
  await until('an answer', patienceMs, () =>
    Promise.resolve(resultsOf(there).some(({ outcome }) => outcome === 'ok')),
  );
  return there;
}

function resultsOf({ found }: LabProber): UdpResult[] {
  return found
    .map(({ result }) => result as unknown as UdpResult)
    .filter(({ outcome }) => outcome !== 'void');
}

function sumOf(results: readonly UdpResult[], key: 'sent' | 'forward_lost' | 'return_lost'): number {
  return results.reduce((sum, one) => sum + one[key], 0);
}

describeLab('udp between two sites', () => {
  let lab: Lab;
  beforeAll(async () => {
    await buildNetring();
    lab = await startLab(networkPath('three-sites'));
  });
  afterEach(() => lab.link('us1', 'eu1').heal());
  afterAll(() => lab?.close());

  it.each([
    ['forward_lost', 'eu1', 'return_lost'],
    ['return_lost', 'us1', 'forward_lost'],
  ] as const)('loss on one way is %s', freshAttempts, async (lost, towards, other) => {
    const prober = await startBoth(lab);
    const before = resultsOf(prober).length;
    await lab.link('us1', 'eu1').towards(towards).set({ lossRatio: 0.3 });
    await until('twenty are lost', patienceMs, () =>
      Promise.resolve(sumOf(resultsOf(prober).slice(before), lost) >= 20),
    );
    const results = resultsOf(prober).slice(before);
    console.log(
      `${lost} ${sumOf(results, lost)}, ${other} ${sumOf(results, other)} of ${sumOf(results, 'sent')}`,
    );
    expect(sumOf(results, other)).toBeLessThanOrEqual(1);
  });

  it(
    'a cut is told within seconds, and its end at once; a way that is open alone is named',
    freshAttempts,
    async () => {
      const prober = await startBoth(lab);
      await lab.link('us1', 'eu1').towards('eu1').set({ cut: true });
      const cutMs = performance.now();
      const silent = await until('silence', patienceMs, () =>
        Promise.resolve(prober.found.find(({ result }) => result.outcome === 'timeout')),
      );
      const later = await until('the way is named', patienceMs, () =>
        Promise.resolve(prober.found.find(({ result }) => /lost on the way there/.test(result.reason ?? ''))),
      );
      await lab.link('us1', 'eu1').heal();
      const healedMs = performance.now();
      const again = await until('an answer', patienceMs, () =>
        Promise.resolve(
          prober.found.slice(prober.found.indexOf(later.value)).find(({ result }) => result.outcome === 'ok'),
        ),
      );
      console.log(
        `silence told after ${Math.round(silent.value.atMs - cutMs)} ms, its end after ${Math.round(again.value.atMs - healedMs)} ms`,
      );
      expect(silent.value.atMs - cutMs).toBeLessThan(5000);
      expect(again.value.atMs - healedMs).toBeLessThan(5000);
    },
  );

  it('a prober that is stopped for a while calls nobody down', freshAttempts, async () => {
    const prober = await startBoth(lab);
    const before = prober.found.length;
    for (let burst = 0; burst < 2; burst++) {
      process.kill(prober.probePid(), 'SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, 2500));
      process.kill(prober.probePid(), 'SIGCONT');
      const seen = prober.found.length;
      await until('it measures again', patienceMs, () =>
        Promise.resolve(prober.found.slice(seen).some(({ result }) => result.outcome === 'ok')),
      );
    }
    const outcomes = prober.found.slice(before).map(({ result }) => result.outcome);
    expect(outcomes).toContain('void');
    expect(new Set(outcomes)).toEqual(new Set(['void', 'ok']));
  });
});

describeLab('udp over four equal-cost paths', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab(networkPath('ecmp'));
  });
  afterAll(() => lab?.close());

  it(
    '30 % loss on one of them is told as lossy flows within two cycles of 30 s',
    { ...freshAttempts, timeout: 300_000 },
    async () => {
      const prober = await startBoth(lab);
      for (const path of ['p1', 'p2', 'p3', 'p4']) await lab.link(path, 'eu1').heal();
      await lab.link('p1', 'eu1').towards('eu1').set({ lossRatio: 0.3 });
      const { value, tookMs } = await until('lossy flows', 2 * patienceMs, () =>
        Promise.resolve(
          resultsOf(prober).find(({ flows }) => (flows?.lossy ?? 0) > 0 && flows?.direction !== undefined),
        ),
      );
      console.log(`after ${Math.round(tookMs / 1000)} s: ${JSON.stringify(value.flows)}`);
      expect(tookMs).toBeLessThan(2 * 30_000);
      expect(value.flows).toMatchObject({ count: 16, direction: 'forward' });
      expect(value.flows?.lossy).toBeLessThan(10);
      expect(value.flows?.confidence).toBeGreaterThan(0.999);
      expect(value.flows?.loss_ratio).toBeGreaterThan(0.1);
    },
  );
});
