import { trafficState, type TrafficState } from '@netring/contract/traffic';
import { TopologyMapper, type TrafficBucket, type TrafficObservation } from '@netring/topology';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createTraffic } from './traffic.ts';

const noRename = (id: string) => id;
const all = { states: 100, bytes: 1e9 };

/** Both clocks, moved by hand; the wall clock may be stepped. */
function clocks() {
  let [wallMs, ticksMs] = [1_700_000_000_000, 5_000_000];
  return {
    wallMs: () => wallMs,
    monotonicMs: () => ticksMs,
    pass(ms: number) {
      wallMs += ms;
      ticksMs += ms;
    },
    step(ms: number) {
      wallMs += ms;
    },
  };
}

function start(keepMs = 600_000) {
  const time = clocks();
  const steps: number[] = [];
  const traffic = createTraffic({
    clocks: time,
    reporter: 'm1/boot',
    keepMs,
    onStep: (ms) => steps.push(ms),
  });
  const see = (target = 'service:orders', atMs = time.wallMs(), source = 'address:10.0.0.1') =>
    traffic.observe(observation(source, target, atMs));
  const pass = (ms: number) => {
    time.pass(ms);
    traffic.look();
  };
  return { time, traffic, steps, see, pass };
}

function observation(source: string, target: string, atMs: number): TrafficObservation {
  return {
    timestamp_ms: atMs,
    source: { host: 'a', port: 1, service: source },
    destination: { host: 'b', port: 80, service: target },
    protocol: 'http',
    bytes_sent: 1,
    bytes_received: 2,
    latency_ms: 3,
    status_code: 200,
    evidence: 'log',
  };
}

const bucketOf = (state: TrafficState | undefined) => state?.bucket as TrafficBucket;
const requestsOf = (state: TrafficState | undefined) =>
  bucketOf(state).dependencies.reduce((sum, { requests }) => sum + requests, 0);

describe('traffic on its way to the registry', () => {
  it('is told as state, in the contract’s shape, until it has arrived', () => {
    const { traffic, see, pass } = start();
    see();
    see();
    const first = traffic.toTell(all, noRename);
    expect(first.states).toHaveLength(1);
    expect(trafficState.parse(first.states[0])).toEqual(first.states[0]);
    expect(requestsOf(first.states[0])).toBe(2);
    // Nothing has said that it arrived.
    expect(traffic.toTell(all, noRename).states).toEqual(first.states);
    traffic.told(first);
    expect([traffic.waiting(), traffic.toTell(all, noRename).states]).toEqual([0, []]);
    see();
    const second = traffic.toTell(all, noRename);
    expect(requestsOf(second.states[0])).toBe(3);
    expect(second.states[0]?.revision).toBeGreaterThan(first.states[0]?.revision as number);
    // What arrives late says nothing about what came after it was made.
    traffic.told(first);
    expect(traffic.waiting()).toBe(1);
    pass(10_000);
    see();
    const n = traffic.toTell(all, noRename).states.map((one) => one.n);
    expect(n).toEqual([(second.states[0]?.n as number) + 1, second.states[0]?.n]);
  });

  it('stands on the monotonic clock, whatever the wall clock says', () => {
    const { traffic, see, pass } = start();
    see();
    pass(10_000);
    see();
    const [newer, older] = traffic.toTell(all, noRename).states;
    expect((newer?.started_ms as number) - (older?.started_ms as number)).toBe(10_000);
    expect(bucketOf(older).start_ms - (older?.started_ms as number)).toBe(1_700_000_000_000 - 5_000_000);
  });

  it('stays where it is when the wall clock is slewed, and begins anew when it is stepped', () => {
    const { traffic, see, time, steps } = start();
    see();
    const before = traffic.toTell(all, noRename).states;
    time.step(400);
    traffic.look();
    expect(traffic.toTell(all, noRename).states).toEqual(before);
    time.step(-3_600_000);
    traffic.look();
    see('service:other');
    expect(steps).toEqual([-3_600_000 + 400]);
    const states = traffic.toTell(all, noRename).states;
    // What was counted before the step is told as well, and no number is used twice.
    expect(states.map((one) => bucketOf(one).services.at(-1)?.name)).toEqual(['other', 'orders']);
    expect(states[0]?.n).toBeGreaterThan(states[1]?.n as number);
    expect(bucketOf(states[0]).reporter).not.toBe(bucketOf(states[1]).reporter);
    expect(Math.abs((states[0]?.started_ms as number) - (states[1]?.started_ms as number))).toBeLessThan(
      10_001,
    );
  });

  it('goes in parts, the newest first', () => {
    const { traffic, see, pass } = start();
    for (let n = 0; n < 5; n++, pass(10_000)) see();
    const part = traffic.toTell({ states: 2, bytes: 1e9 }, noRename);
    expect([part.states.length, part.isMore]).toEqual([2, true]);
    traffic.told(part);
    const rest = traffic.toTell({ states: 100, bytes: 1 }, noRename);
    // One always fits, or nothing would ever go.
    expect([rest.states.length, rest.isMore]).toEqual([1, true]);
    expect(rest.states[0]?.n).toBe((part.states[1]?.n as number) - 1);
  });

  it('is told again to a registry that forgot it, as far back as is asked', () => {
    const { traffic, see, pass } = start();
    for (let n = 0; n < 5; n++, pass(10_000)) see();
    traffic.told(traffic.toTell(all, noRename));
    traffic.forgetTold(20_000);
    expect(traffic.waiting()).toBe(2);
  });

  it('is kept no longer than it may be', () => {
    const { traffic, see, time, pass } = start(60_000);
    for (let n = 0; n < 30; n++, pass(10_000)) see();
    traffic.look();
    expect(traffic.waiting()).toBeLessThanOrEqual(8);
    expect(see('service:orders', time.wallMs() - 200_000)).toBe('too_old');
    expect(see('service:orders', time.wallMs() + 30_000)).toBe('in_future');
  });

  it('carries signals, also of what had no request', () => {
    const { traffic, time } = start();
    const of = {
      source: 'service:a',
      target: 'address:10.0.0.2:80',
      protocol: 'tcp',
      evidence: 'caller',
    } as const;
    traffic.signals({ ...of, atMs: time.wallMs() }, { connections: 2, rtt_floor_ms: 3, rtt_ms: 4 });
    traffic.signals({ ...of, atMs: time.wallMs() }, { connections: 1, rtt_floor_ms: 2, rtt_ms: 9 });
    const { states } = traffic.toTell(all, noRename);
    expect(trafficState.parse(states[0])).toEqual(states[0]);
    expect(states[0]?.signals).toEqual([{ ...of, connections: 3, rtt_floor_ms: 2, rtt_ms: 4 }]);
    expect(bucketOf(states[0])).toMatchObject({ observations: 0, dependencies: [] });
    // The library takes a bucket without observations.
    const mapper = new TopologyMapper();
    expect(mapper.merge(bucketOf(states[0])).outcome).toBe('taken');
  });

  it('is told under the best names, and adds up where two of them were one', () => {
    const { traffic, see, time } = start();
    see('service:node:3000');
    see('service:orders');
    for (const target of ['service:node:3000', 'service:orders'])
      traffic.signals(
        { source: 'address:10.0.0.1', target, protocol: 'http', evidence: 'log', atMs: time.wallMs() },
        { origin: { sum_ms: 5, count: 1 } },
      );
    const [state] = traffic.toTell(all, (id) => (id === 'service:node:3000' ? 'service:orders' : id)).states;
    expect(bucketOf(state).services.map(({ id, name }) => [id, name])).toEqual([
      ['address:10.0.0.1', '10.0.0.1'],
      ['service:orders', 'orders'],
    ]);
    expect(bucketOf(state).dependencies).toMatchObject([
      { source: 0, target: 1, requests: 2, latency_count: 2 },
    ]);
    expect(state?.signals).toMatchObject([{ target: 'service:orders', origin: { sum_ms: 10, count: 2 } }]);
    expect(new TopologyMapper().merge(bucketOf(state)).outcome).toBe('taken');
  });

  it('says new names of what was told a moment ago', () => {
    const { traffic, see } = start();
    see();
    traffic.told(traffic.toTell(all, noRename));
    traffic.touch(60_000);
    expect(traffic.waiting()).toBe(1);
  });

  it('tells of the busiest where there are too many dependencies, and how many it left out', () => {
    const { traffic, see } = start();
    for (let n = 0; n < 2500; n++) see(`service:s${n}`);
    for (let n = 0; n < 5000; n++) see('service:busy');
    const { states, bytes } = traffic.toTell(all, noRename);
    const bucket = bucketOf(states[0]);
    expect(bucket.dependencies[0]?.requests).toBe(5000);
    expect(bucket.dependencies.length).toBeLessThanOrEqual(2000);
    expect(traffic.dropped().dependencies).toBe(2501 - bucket.dependencies.length);
    // The estimate of its length is on the safe side.
    expect(JSON.stringify(states).length).toBeLessThan(bytes);
    expect(bytes).toBeLessThan(1_900_001);
    expect(new TopologyMapper().merge(bucket).outcome).toBe('taken');
  });

  it('refuses what finds no room, and nothing else', () => {
    const { see } = start();
    for (let n = 0; n < 4000; n++) expect(see(`service:s${n}`)).toBe('taken');
    expect(see('service:one more')).toBe('too_many_dependencies');
    expect(see('service:s7')).toBe('taken');
  });
});

test('however reports are lost, repeated and reordered, the sums are those of what was seen', () => {
  const action = fc.oneof(
    fc.record({
      kind: fc.constant('see' as const),
      target: fc.constantFrom('service:a', 'service:b'),
      lateMs: fc.nat(25_000),
    }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(15_000) }),
    // What becomes of a report: nothing, or it arrives, and its answer is lost or not.
    fc.record({
      kind: fc.constant('report' as const),
      arrives: fc.boolean(),
      answered: fc.boolean(),
      most: fc.integer({ min: 1, max: 3 }),
    }),
    fc.record({ kind: fc.constant('again' as const), pick: fc.nat() }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const { traffic, see, time, pass } = start();
      const registry = new TopologyMapper({ foldReplicas: false });
      const sent: TrafficState[] = [];
      const truth = new Map<string, number>();
      const merge = (state: TrafficState) =>
        registry.merge(JSON.parse(JSON.stringify(state.bucket)) as TrafficBucket);
      const report = (most: number, arrives: boolean, answered: boolean) => {
        const next = traffic.toTell({ states: most, bytes: 1e9 }, noRename);
        sent.push(...next.states);
        if (arrives) next.states.forEach(merge);
        if (arrives && answered) traffic.told(next);
      };
      for (const one of actions) {
        if (one.kind === 'pass') pass(one.ms);
        else if (one.kind === 'report') report(one.most, one.arrives, one.answered);
        else if (one.kind === 'again' && sent.length > 0) merge(sent[one.pick % sent.length] as TrafficState);
        else if (one.kind === 'see' && see(one.target, time.wallMs() - one.lateMs) === 'taken')
          truth.set(one.target, (truth.get(one.target) ?? 0) + 1);
      }
      while (traffic.waiting() > 0) report(2, true, true);
      const counted = registry
        .generateTopologyMap()
        .dependencies.map(({ target_service, request_count }) => [target_service, request_count] as const);
      expect(new Map(counted)).toEqual(truth);
    }),
    { numRuns: 200 },
  );
});
