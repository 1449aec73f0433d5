import { join } from 'node:path';
import type { AlertsAnswer } from '@netring/contract/alert';
import type { Blame, GraphDependency } from '@netring/contract/graph';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLab } from '../lab/describe-lab.ts';
import type { LabProcess, Location } from '../lab/index.ts';
import { patienceMs, until } from '../ring/until.ts';
import { startDiscoveryRing, type DiscoveryRing } from './lab-ring.ts';

/** With `NETRING_TEST_LONG=1` what is usual is learnt for as long as it is by default: two minutes. */
const usualWindows = process.env.NETRING_TEST_LONG === '1' ? 12 : 4;
/** Limits for what hangs: a verdict takes three windows of 10 s. */
const learntWithinMs = usualWindows * 10_000 + 2 * patienceMs;

/** What a caller writes down: see programs/small-service.js. */
const asked = String.raw`^(?<timestamp>\S+) asked (?<destination>\S+) (?<path>\S+) (?<status>\d+) (?<duration>[\d.]+ms)$`;

describeLab('blame in the lab', () => {
  let ring: DiscoveryRing;
  const programs = new Map<string, LabProcess>();
  const of = (name: string) => programs.get(name) as LabProcess;

  beforeAll(async () => {
    ring = await startDiscoveryRing('blame-sites', {
      NETRING_TRAFFIC_USUAL_WINDOWS: String(usualWindows),
      // As soon as it is known, for the sake of time.
      NETRING_ALERT_DEPENDENCY_SLOW_FOR: '1',
      NETRING_ALERT_LOSS_FOR: '1',
    });
    const { lab } = ring;
    const [us1, eu1, ap1, dark, mute] = ['us1', 'eu1', 'ap1', 'dark', 'mute'].map((name) =>
      lab.location(name),
    ) as [Location, Location, Location, Location, Location];
    const appLogs: Record<string, object[]> = { us1: [], eu1: [], mute: [] };
    const pair = async (caller: string, from: Location, callee: string, to: Location, port: number) => {
      programs.set(callee, await ring.startProgram(to, 'small-service', callee, [`listen=${port}`]));
      const log = join(ring.folder, `${caller}.log`);
      const words = ['every=40', `log=${log}`, `http://${to.address}:${port}/`];
      programs.set(caller, await ring.startProgram(from, 'small-service', caller, words));
      appLogs[from.name]?.push({ path: log, service: caller, pattern: asked });
    };
    await pair('near', us1, 'plain', eu1, 9001);
    await pair('both', us1, 'slow', eu1, 9002);
    await pair('web', us1, 'reports', ap1, 9003);
    await pair('lossy', eu1, 'far', ap1, 9004);
    await pair('blind', us1, 'unseen', dark, 9005);
    await pair('quiet', mute, 'heard', us1, 9006);
    programs.set('sink', await ring.startProgram(ap1, 'bulk', 'sink', ['listen=9100']));
    await ring.startProgram(us1, 'bulk', 'feeder', [`tcp://${ap1.address}:9100`]);
    const logsOf = (name: string) => ({ NETRING_APP_LOGS: JSON.stringify(appLogs[name]) });
    await Promise.all([
      ring.startMember(us1, 'us1', logsOf('us1')),
      ring.startMember(eu1, 'eu1', logsOf('eu1')),
      ring.startMember(ap1, 'ap1'),
      ring.startMember(mute, 'mute', { ...logsOf('mute'), NETRING_CHECKS: 'false' }),
    ]);
  });
  afterAll(() => ring?.close());

  const callers = ['near', 'both', 'web', 'lossy', 'feeder'];
  const said: Record<string, GraphDependency['blame'] | undefined> = {};
  const under: Record<string, GraphDependency['path'] | undefined> = {};
  const look = async () => {
    const { dependencies } = await ring.graph();
    for (const { source_service, blame, path } of dependencies) {
      const name = source_service.replace(/^.*\//, '');
      [said[name], under[name]] = [blame, path];
    }
    return said;
  };
  const told = () => `${JSON.stringify(said, null, 1)}\n${ring.logs().slice(-4000)}`;
  const becomes = async (caller: string, verdict: Blame, reason: RegExp) => {
    const isSaid = async () => {
      const blame = (await look())[caller];
      return blame?.verdict === verdict && blame.reasons.some((one) => reason.test(one)) && blame;
    };
    const { value, tookMs } = await until(`${caller}: ${verdict}`, patienceMs, isSaid, told);
    console.log(`${caller}: ${verdict} (${Math.round(tookMs / 1000)} s later): ${value.reasons.join(' | ')}`);
    return value;
  };

  /** The member at its site has its probes switched off: what is not measured is never green, and says so. */
  const isNotMeasured = (caller: string) => {
    expect(under[caller]).toMatchObject({ kind: 'none', state: 'unknown' });
    expect(said[caller]?.reasons[0]).toMatch(/^the path is not measured: nobody has measured the path from/);
  };

  it('nobody is to blame once it is known what is usual', async () => {
    const { tookMs } = await until(
      'all are as usual',
      learntWithinMs,
      async () => {
        const now = await look();
        return (
          callers.every((name) => name === 'feeder' || now[name]?.verdict === 'none') &&
          // Faults that come sooner would be what is usual.
          now.quiet?.reasons.some((one) => one.includes('what is usual is not known yet')) === false
        );
      },
      told,
    );
    console.log(`known what is usual after ${Math.round(tookMs / 1000)} s`);
    expect((await look()).blind).toMatchObject({ verdict: 'unknown' });
    expect(said.quiet?.verdict).toBe('unknown');
    isNotMeasured('quiet');
  });

  it('each fault is blamed on its side, with hop and milliseconds', async () => {
    const { lab } = ring;
    await lab.link('r1', 'eu1').set({ delayMs: 32 });
    await lab.link('eu1', 'ap1').set({ lossRatio: 0.06 });
    for (const name of ['slow', 'reports', 'unseen', 'heard']) of(name).stdin?.write('delay 80\n');
    of('sink').stdin?.write('stop reading\n');
    await Promise.all([
      becomes(
        'near',
        'network',
        /network, at hop 3 \(10\.\d+\.\d+\.\d+\), which adds \d+ ms more than usual/,
      ),
      becomes('both', 'both', /network \d+ ms \(usually .*application \d+ ms/),
      becomes('web', 'application', /reports takes \d+ ms of its own/),
      becomes('lossy', 'network', /network \(loss\)/),
      becomes('feeder', 'application', /receiver not reading/),
    ]);
    expect((await look()).blind).toMatchObject({ verdict: 'unknown' });
    console.log(`blind: ${said.blind?.reasons.join(' | ')}`);
    await becomes('quiet', 'unknown', /what was seen of it: application: heard takes \d+ ms of its own/);
    isNotMeasured('quiet');
  });

  it('what is blamed on the network is an effect of its path, what is not an incident of its service', async () => {
    const answer = async () => JSON.parse(await ring.reader.text('/api/alerts')) as AlertsAnswer;
    /** The dependencies that are told as slow, by their caller, each with its incident. */
    const slowOnes = ({ alerts, incidents }: AlertsAnswer) =>
      alerts
        .filter(({ rule, state }) => rule === 'dependency_slow' && state === 'firing')
        .map((alert) => ({
          alert,
          caller: alert.subject.source_service?.replace(/^.*\//, ''),
          incident: incidents.find(({ id }) => id === alert.incident),
        }));
    const kindOf = (told: AlertsAnswer, name: string) =>
      slowOnes(told).find(({ caller }) => caller === name)?.incident?.cause.kind;
    const { value } = await until(
      'both kinds are told',
      patienceMs,
      async () => {
        const now = await answer();
        return kindOf(now, 'web') === 'service' && kindOf(now, 'lossy') === 'location_pair' && now;
      },
      () => ring.logs().slice(-4000),
    );
    // The path from eu1 to ap1 loses, and the dependency over it is slow by that: one incident, with what crosses it.
    const lossy = slowOnes(value).find(({ caller }) => caller === 'lossy')?.incident;
    const rules = value.alerts.filter(({ incident }) => incident === lossy?.id).map(({ rule }) => rule);
    expect(rules).toEqual(expect.arrayContaining(['loss', 'dependency_slow']));
    expect(lossy?.crossing).toEqual({ dependencies: 1, services: ['lossy'], more_services: 0, now: true });
    for (const { alert, caller, incident } of slowOnes(value)) {
      console.log(`${caller} (${alert.blame}): ${incident?.summary}`);
      const isOfPath = incident?.cause.kind === 'location_pair' || incident?.cause.kind === 'hop';
      expect(isOfPath).toBe(alert.blame === 'network');
      if (!isOfPath) expect(incident?.cause.subject.service).toBe(alert.subject.target_service);
    }
    expect(slowOnes(value).map(({ caller }) => caller)).not.toContain('blind');
  });
});
