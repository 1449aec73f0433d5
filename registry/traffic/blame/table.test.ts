import type { Blame } from '@netring/contract/graph';
import type { MemberPath } from '@netring/contract/path';
import { describe, expect, it } from 'vitest';
import type { CountFacts, DependencyFacts, SignalFacts, WindowFacts } from '../facts.ts';
import { createBlameJudge } from './judge.ts';
import { createHistogramOf } from './simulated-histogram.ts';
import { calm, hopIps, simulate } from './simulated-dependency.ts';

/** What was measured across namespaces with keep-alive HTTP: request p50 and p95, smoothed and lowest round trip. */
interface Recorded {
  p50: number;
  p95: number;
  srtt: number;
  minrtt: number;
  retransmitted?: number;
  limited?: number;
  connect?: number;
  proxy?: number;
}

const healthy: Recorded = { p50: 2, p95: 2.3, srtt: 1.7, minrtt: 0.94, connect: 1, proxy: 0.3 };
const requests = 200;

function recordedWindow(one: Recorded, startMs: number, timed = true): WindowFacts {
  const bytes = requests * 1932;
  const sockets: SignalFacts = {
    evidence: 'caller',
    rtt_floor_ms: one.minrtt,
    rtt_ms: one.srtt,
    connections: 4,
    new_connections: 0,
    bytes_sent: bytes,
    bytes_retransmitted: bytes * (one.retransmitted ?? 0),
    retransmits: Math.round(requests * 2 * (one.retransmitted ?? 0)),
    busy_ms: 4000,
    rwnd_limited_ms: 4000 * (one.limited ?? 0),
    connect: { sum_ms: 10 * (one.connect ?? healthy.connect ?? 0), count: 10 },
  };
  const proxy = one.proxy ?? healthy.proxy ?? 0;
  const latencies = Array.from({ length: requests }, (_, at) => (at % 10 === 9 ? one.p95 : one.p50));
  const log: SignalFacts = {
    evidence: 'log',
    proxy: { sum_ms: requests * proxy, count: requests },
    origin: { sum_ms: requests * (one.p50 - proxy), count: requests },
  };
  const counts = { ...noErrors, ...countsOf(latencies) };
  const window = { startMs, durationMs: 10_000, closed: true };
  return timed ? { ...window, counts, signals: [sockets, log] } : { ...window, signals: [sockets] };
}

// Requests were timed where they were sent.
const noErrors = {
  countedBy: 'span' as const,
  client_errors: 0,
  server_errors: 0,
  client_gone: 0,
  transport_failures: 0,
  unjudged: 0,
};

function countsOf(latencies: number[]): Omit<CountFacts, keyof typeof noErrors> {
  return {
    requests,
    bytes_sent: requests * 300,
    bytes_received: requests * 1932,
    latency_sum_ms: latencies.reduce((a, b) => a + b, 0),
    latency_count: latencies.length,
    latency_max_ms: Math.max(...latencies),
    latency: createHistogramOf(latencies),
  };
}

/** Twenty healthy windows, then three of the fault or as many as are said, on a path that is probed (or not). */
function blameOf(fault: Partial<Recorded>, path: Row['path'] = {}, timed = true) {
  const measured = simulate({ ...calm, rttMs: 0.9 }, 1);
  const judge = createBlameJudge(measured);
  const windows: WindowFacts[] = [];
  const facts: DependencyFacts = { ...measured.pass().facts, windows };
  let view = judge.judge(facts, 0).blame;
  for (let at = 1; at <= 20 + (path.windows ?? 3); at++) {
    const isFault = at > 20;
    const { rttMs, loss } = path;
    const onPath = {
      ...(rttMs === undefined ? {} : { rttMs }),
      ...(loss === undefined ? {} : { loss }),
    };
    const { nowMs } = measured.pass(isFault ? onPath : {}, !isFault || path.probed !== false);
    windows.push(recordedWindow(isFault ? { ...healthy, ...fault } : healthy, nowMs - 12_000, timed));
    view = judge.judge(facts, nowMs).blame;
  }
  return view;
}

interface Row {
  name: string;
  fault: Partial<Recorded>;
  path?: { rttMs?: number; loss?: number; probed?: boolean; windows?: number };
  verdict: Blame;
  says: RegExp;
}

const slowNetwork = { p50: 52.7, p95: 53.2, srtt: 52, minrtt: 50.3 };

const rows: Row[] = [
  { name: 'healthy', fault: {}, verdict: 'none', says: /^as usual: 2/ },
  {
    name: 'application sleeps 100 ms',
    fault: { p50: 101.9, p95: 102.3, srtt: 0.5, minrtt: 0.4 },
    verdict: 'application',
    says: /^application: payments takes 1\d\d ms of its own for a median request, usually .* ms; round trips take 0\.4 ms/,
  },
  {
    name: 'application sleeps 30 ms, and acknowledgements wait for its answers',
    fault: { p50: 32, p95: 33, srtt: 31, minrtt: 30 },
    verdict: 'application',
    says: /^application: payments takes 3\d ms of its own for a median request/,
  },
  {
    name: 'network +25 ms each way',
    fault: slowNetwork,
    path: { rttMs: 50 },
    verdict: 'network',
    says: new RegExp(
      `^network, at hop 3 \\(${hopIps[2]}\\), which adds 50 ms more than usual: 1 round trip of 50 ms`,
    ),
  },
  {
    name: 'network +25 ms each way, under old connections whose lowest round trip stands still',
    fault: { ...slowNetwork, minrtt: 0.94 },
    path: { rttMs: 50 },
    verdict: 'network',
    says: /^network, at hop 3/,
  },
  {
    name: 'the same where probes do not see it',
    fault: slowNetwork,
    verdict: 'network',
    says: /^network, not on the probed path: .*while probes are as usual \(0\.9\d? ms\)/,
  },
  {
    name: '10 % loss each way',
    fault: { p50: 2.1, p95: 227, retransmitted: 0.107 },
    path: { loss: 0.1 },
    verdict: 'network',
    says: /^network \(loss\): 10\.7 % of the bytes were sent again, usually 0 %; 95 % of requests take up to 2\d\d ms/,
  },
  {
    name: 'loss that probes do not see',
    fault: { p50: 2.1, p95: 227, retransmitted: 0.107 },
    path: { windows: 6 },
    verdict: 'network',
    says: /^network \(loss\), not on the probed path/,
  },
  {
    name: 'loss that probes cannot have seen yet',
    fault: { p50: 2.1, p95: 227, retransmitted: 0.107 },
    verdict: 'network',
    says: /^network \(loss\): .*; probes lost 0 of 60 packets within a minute, too few since it began/,
  },
  {
    name: 'receiver does not read',
    fault: { p50: 80, p95: 90, srtt: 0.94, limited: 1 },
    verdict: 'application',
    says: /^application: receiver not reading: a full receive window of payments stopped its peer for 100 %/,
  },
  {
    name: 'proxy',
    fault: { p50: 42, p95: 43, proxy: 40 },
    verdict: 'application',
    says: /^application: proxy: the proxy itself takes 40 ms, usually 0\.3 ms/,
  },
  {
    name: 'connect time high while TCP probes are fine',
    fault: { connect: 300 },
    verdict: 'application',
    says: /^application: callee's accept queue or host: connecting to payments takes 300 ms, usually 1 ms/,
  },
  {
    name: 'both',
    fault: { ...slowNetwork, p50: 152.7, p95: 153.2 },
    path: { rttMs: 50 },
    verdict: 'both',
    says: /^both: of 15\d ms a request, network 50 ms \(usually 0\.9\d ms\), application 10\d ms/,
  },
  {
    name: 'probes switched off',
    fault: slowNetwork,
    path: { probed: false },
    verdict: 'unknown',
    says: /^the path is not measured/,
  },
];

describe('blame, row by row', () => {
  it.each(rows)('$name: $verdict', ({ fault, path, verdict, says }) => {
    const view = blameOf(fault, path);
    expect(view.reasons[0]).toMatch(says);
    expect(view.verdict).toBe(verdict);
  });

  it('says what only connections show, and that the rest is missing', () => {
    const calmly = blameOf({}, {}, false);
    expect(calmly.verdict).toBe('unknown');
    expect(calmly.reasons[0]).toBe('no request latency is known: only connections were seen');
    const slow = blameOf(slowNetwork, { rttMs: 50 }, false);
    expect(slow.verdict).toBe('network');
    expect(slow.reasons).toContain('no request latency is known: only connections were seen');
    expect(blameOf({ retransmitted: 0.1 }, { loss: 0.1 }, false).reasons[0]).toMatch(/^network \(loss\)/);
    expect(blameOf({ limited: 1 }, {}, false).reasons[0]).toMatch(/receiver not reading/);
  });

  it('knows nothing before there were twelve undisturbed windows, and says how many there are', () => {
    const measured = simulate(calm, 3);
    const judge = createBlameJudge(measured);
    const said = Array.from({ length: 13 }, () => {
      const { facts, nowMs } = measured.pass();
      return judge.judge(facts, nowMs).blame;
    });
    expect(said[6]?.reasons[0]).toBe('what is usual is not known yet: 7 of 12 undisturbed windows of 10 s');
    expect(said[6]?.verdict).toBe('unknown');
    expect(said[11]?.verdict).toBe('none');
  });

  it('never takes bad windows for usual, however long they last, and ends when they do', () => {
    const measured = simulate(calm, 4);
    const judge = createBlameJudge(measured);
    const pass = (count: number, fault = {}) =>
      Array.from({ length: count }, () => {
        const { facts, nowMs } = measured.pass(fault);
        return judge.judge(facts, nowMs).blame.verdict;
      });
    pass(20);
    expect(new Set(pass(200, { applicationMs: 40 }).slice(2))).toEqual(new Set(['application']));
    expect(pass(3).at(-1)).toBe('none');
  });

  it('blames nobody for what is slow while no probe comes back, and says that none does', () => {
    const measured = simulate(calm, 7);
    let before: MemberPath | undefined;
    const judge = createBlameJudge({
      ...measured,
      memberPath: (...ends) => before ?? measured.memberPath(...ends),
    });
    const pass = (count: number, fault = {}) =>
      Array.from({ length: count }, () => {
        const { facts, nowMs } = measured.pass(fault);
        return judge.judge(facts, nowMs).blame;
      });
    pass(20);
    before = measured.memberPath('a', 'b', 0);
    const said = pass(6, { rttMs: 60 });
    expect(said.map(({ verdict }) => verdict)).toEqual(['none', 'none', ...Array<Blame>(4).fill('unknown')]);
    expect(said[5]?.reasons[0]).toMatch(/^nothing is known of the path for 5 windows of 10 s/);
    before = undefined;
    expect(pass(3, { rttMs: 60 }).at(-1)?.verdict).toBe('network');
  });

  it('has nothing but the cut to say of a path that is down, whatever was slow before', () => {
    const measured = simulate(calm, 8);
    const judge = createBlameJudge(measured);
    const pass = (count: number, fault = {}) => {
      const one = () => {
        const { facts, nowMs } = measured.pass(fault);
        return judge.judge(facts, nowMs).blame.verdict;
      };
      return Array.from({ length: count }, one).at(-1);
    };
    pass(20);
    expect(pass(3, { applicationMs: 60 })).toBe('application');
    expect(pass(3, { cut: true })).toBe('network');
  });

  it('goes on after a restart with what was usual', () => {
    const measured = simulate(calm, 5);
    const first = createBlameJudge(measured);
    for (let at = 0; at < 20; at++) {
      const { facts, nowMs } = measured.pass();
      first.judge(facts, nowMs);
    }
    const second = createBlameJudge(measured);
    for (const [id, packed] of first.pack()) second.unpack(id, packed);
    const verdicts = Array.from({ length: 3 }, () => {
      const { facts, nowMs } = measured.pass({ applicationMs: 40 });
      return second.judge(facts, nowMs).blame.verdict;
    });
    expect(verdicts.at(-1)).toBe('application');
  });

  it('asks for traces of the paths whose network it blames', () => {
    const measured = simulate(calm, 6);
    const judge = createBlameJudge(measured);
    const pass = (count: number, fault = {}) => {
      for (let at = 0; at < count; at++) {
        const { facts, nowMs } = measured.pass(fault);
        judge.judge(facts, nowMs);
      }
      return judge.troubled();
    };
    expect(pass(20)).toEqual([]);
    // Already with the first bad window, so that the verdict can name the hop.
    expect(pass(1, { rttMs: 40 })).toEqual([{ source: 'a', target: 'b' }]);
    expect(pass(2, { rttMs: 40 })).toEqual([{ source: 'a', target: 'b' }]);
    judge.forget(['d']);
    expect(judge.troubled()).toEqual([]);
  });
});
