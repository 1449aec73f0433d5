import type { LocationPath, MemberPath } from '@netring/contract/path';
import type { KeptTrace } from '@netring/contract/trace';
import { createHistogramOf } from './simulated-histogram.ts';
import type { DependencyFacts, SignalFacts, WindowFacts } from '../facts.ts';
import type { MeasuredPaths } from '../overlay/index.ts';

/** What a simulated dependency is like, and what is wrong with it at a time. Milliseconds, bytes, 0–1. */
export interface Nature {
  rttMs: number;
  applicationMs: number;
  /** Of the logarithm of the application's time. */
  spread: number;
  perSecond: number;
  connections: number;
  /** Requests share connections side by side, as in HTTP/2; else one after the other. */
  multiplexed: boolean;
  proxyMs: number;
  responseBytes: number;
  newConnections: number;
  /** How the latency was taken. A proxy's log times the proxy and what is behind it: its clients' network is not in it. */
  source: 'proxy log' | 'server log' | 'span' | 'callee' | 'connections only';
  /** Acknowledgements wait for the answer, up to 40 ms, as the smoothed time shows, and the floor, too. */
  delayedAcks: boolean;
  /** The other end's connections are seen, too. */
  bothEnds: boolean;
  /** The kernel's floor stands still for minutes, as connections are old. */
  oldConnections: boolean;
  backgroundLoss: number;
}

export interface Fault {
  rttMs?: number;
  /** The probed path does not have it. */
  unprobed?: boolean;
  loss?: number;
  applicationMs?: number;
  /** So many of the requests are slow. */
  tail?: { share: number; ms: number };
  proxyMs?: number;
  connectMs?: number;
  unread?: { share: number; ms: number };
  serverErrors?: number;
  cut?: boolean;
}

export const calm: Nature = {
  rttMs: 2,
  applicationMs: 10,
  spread: 0.2,
  perSecond: 10,
  connections: 2,
  multiplexed: false,
  proxyMs: 0,
  responseBytes: 4000,
  newConnections: 0,
  source: 'span',
  delayedAcks: false,
  bothEnds: false,
  oldConnections: false,
  backgroundLoss: 0.0005,
};

export const hopIps = ['10.1.0.1', '10.2.0.1', '10.3.0.1', '10.9.0.2'];
export const faultyHop = 2;
const windowMs = 10_000;
const segmentBytes = 1448;

/** A dependency whose requests are made up one by one, with noise from a seed. */
export interface Simulated extends MeasuredPaths {
  /** Lets ten seconds pass with this fault and gives all that is known then, and the time. */
  pass(fault?: Fault, probing?: boolean): { facts: DependencyFacts; nowMs: number };
}

export function simulate(nature: Nature, seed: number): Simulated {
  const random = mulberry(seed);
  const windows: WindowFacts[] = [];
  let startMs = 1_700_000_000_000;
  let path: MemberPath | undefined;
  let trace: KeptTrace | undefined;
  let floorMs = Infinity;
  let wasSlower = 0;

  return {
    memberPath: () => path,
    locationPath: (): LocationPath | undefined => undefined,
    tracesOf: () => (trace === undefined ? {} : { latest: trace }),
    pass(fault = {}, probing = true) {
      const window = makeWindow(fault);
      windows.push(window);
      if (windows.length > 6) windows.shift();
      startMs += windowMs;
      path = probing ? probed(fault) : undefined;
      const slower = fault.unprobed === true ? 0 : (fault.rttMs ?? 0);
      // Traced when it turns bad, which takes a while, and now and then.
      if (trace === undefined || slower !== wasSlower) trace = traced(slower);
      wasSlower = slower;
      return { facts: factsOf([...windows]), nowMs: startMs + 2_000 };
    },
  };

  function noise(spread: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.exp(spread * normal);
  }

  function times(count: number, share: number): number {
    let hits = 0;
    for (let at = 0; at < count; at++) if (random() < share) hits++;
    return hits;
  }

  function makeWindow(fault: Fault): WindowFacts {
    const count = Math.max(1, Math.round(nature.perSecond * 10 * noise(0.1)));
    const rtt = nature.rttMs + (fault.rttMs ?? 0);
    const requests = Array.from({ length: count }, () => makeRequest(fault, rtt));
    const segments = count * (2 + Math.ceil(nature.responseBytes / segmentBytes));
    const lostShare = nature.backgroundLoss + (fault.loss ?? 0);
    const retransmits = fault.cut === true ? count : stall(requests, segments, lostShare, rtt);
    const latencies = requests.map(({ proxy, own, rest }) => {
      if (nature.source === 'proxy log') return proxy + own;
      return nature.source === 'server log' || nature.source === 'callee' ? own : proxy + rest;
    });
    const signals = signalsOf({ count, rtt, segments, retransmits, requests, fault });
    if (nature.source === 'connections only') return { startMs, durationMs: windowMs, closed: true, signals };
    return {
      startMs,
      durationMs: windowMs,
      closed: true,
      counts: countsOf(latencies, count, fault),
      signals,
    };
  }

  interface Request {
    proxy: number;
    own: number;
    rest: number;
  }

  function makeRequest(fault: Fault, rtt: number): Request {
    const slow = fault.tail !== undefined && random() < fault.tail.share ? fault.tail.ms : 0;
    const unread = fault.unread?.ms ?? 0;
    const own =
      nature.applicationMs * noise(nature.spread) + (fault.applicationMs ?? 0) * noise(0.1) + slow + unread;
    const isNew = random() < nature.newConnections;
    const setUp = isNew ? 2 * rtt + (fault.connectMs ?? 0) : 0;
    const long =
      nature.responseBytes > 14_600 ? Math.ceil(Math.log2(nature.responseBytes / 14_600 + 1)) - 1 : 0;
    const onWire = rtt * (1 + long) * noise(0.02) + setUp;
    const proxy = (nature.proxyMs + (fault.proxyMs ?? 0)) * noise(0.1);
    return { proxy, own, rest: own + onWire };
  }

  /** Each retransmission stops its connection for a time-out: the requests that share it wait together. */
  function stall(requests: Request[], segments: number, share: number, rtt: number): number {
    const lost = times(segments, share);
    const stopMs = 200 + rtt;
    for (let at = 0; at < lost; at++) {
      const first = Math.floor(random() * requests.length);
      const sharing = nature.multiplexed
        ? Math.max(1, Math.round((nature.perSecond / nature.connections) * (stopMs / 1000)))
        : 1;
      for (let one = 0; one < sharing; one++) {
        const request = requests[first + one];
        if (request !== undefined) request.rest += stopMs * (1 - one / sharing);
      }
    }
    return lost;
  }

  function signalsOf(of: {
    count: number;
    rtt: number;
    segments: number;
    retransmits: number;
    requests: Request[];
    fault: Fault;
  }): SignalFacts[] {
    const { count, rtt, segments, retransmits, requests, fault } = of;
    const evidence = nature.source === 'callee' ? 'callee' : 'caller';
    const own = Math.min(...requests.map((one) => one.own));
    const seenFloor = rtt * (1 + 0.03 * random()) + (nature.delayedAcks ? Math.min(40, own) : 0);
    floorMs = nature.oldConnections ? Math.min(floorMs, seenFloor) : seenFloor;
    const waits = nature.delayedAcks ? Math.min(40, mean(requests.map(({ own }) => own))) : 0;
    const busy = 0.2 * windowMs;
    const sockets: SignalFacts = {
      evidence,
      rtt_floor_ms: floorMs,
      rtt_ms: rtt * (1 + 0.1 * random()) + waits,
      connections: nature.connections + count * nature.newConnections,
      new_connections: times(count, nature.newConnections),
      bytes_sent: segments * segmentBytes,
      bytes_retransmitted: retransmits * segmentBytes,
      retransmits,
      busy_ms: busy,
      rwnd_limited_ms: busy * Math.min(1, 0.01 * random() + (fault.unread?.share ?? 0)),
    };
    if (nature.newConnections > 0 || fault.connectMs !== undefined) {
      const connects = Math.max(1, sockets.new_connections ?? 0);
      sockets.connect = { sum_ms: connects * (rtt + (fault.connectMs ?? 0)) * noise(0.05), count: connects };
    }
    // What the callee sends is acknowledged whatever its application does.
    const back: SignalFacts[] = nature.bothEnds
      ? [{ evidence: 'callee', rtt_floor_ms: floorMs, rtt_ms: rtt * (1 + 0.1 * random()) + 20 }]
      : [];
    if (nature.source !== 'proxy log') return [sockets, ...back];
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    const log: SignalFacts = {
      evidence: 'log',
      proxy: { sum_ms: sum(requests.map(({ proxy }) => proxy)), count },
      origin: { sum_ms: sum(requests.map(({ own }) => own)), count },
    };
    return [sockets, ...back, log];
  }

  function countsOf(latencies: number[], requests: number, fault: Fault): NonNullable<WindowFacts['counts']> {
    const evidence = ({ 'proxy log': 'log', 'server log': 'log', span: 'span' } as const)[
      nature.source as 'span'
    ];
    return {
      countedBy: evidence ?? 'callee',
      ...(nature.source.endsWith(' log') && { side: 'callee' as const }),
      requests,
      client_errors: 0,
      server_errors: times(requests, fault.serverErrors ?? 0),
      client_gone: 0,
      transport_failures: fault.cut === true ? requests : 0,
      unjudged: 0,
      bytes_sent: requests * 500,
      bytes_received: requests * nature.responseBytes,
      latency_sum_ms: latencies.reduce((a, b) => a + b, 0),
      latency_count: fault.cut === true ? 0 : latencies.length,
      latency_max_ms: Math.max(...latencies),
      latency: fault.cut === true ? [] : createHistogramOf(latencies),
    };
  }

  function probed(fault: Fault): MemberPath {
    const rtt = (nature.rttMs + (fault.unprobed === true ? 0 : (fault.rttMs ?? 0))) * (1 + 0.02 * random());
    const share = fault.unprobed === true ? 0 : (fault.loss ?? 0);
    const lost = fault.cut === true ? 60 : times(60, share * 1.5);
    const state = fault.cut === true ? 'down' : lost > 3 ? 'degraded' : 'ok';
    const window = { duration_ms: 60_000, checks: 12, failed: 0, voided: 0, sent: 60, lost, p50_ms: rtt };
    const check = { outcome: 'ok' as const, at_ms: startMs, state: 'ok' as const, latency_ms: rtt, window };
    return {
      source: 'a',
      source_location: 'us1',
      target: 'b',
      target_location: 'eu1',
      target_kind: 'member',
      state,
      reasons: state === 'ok' ? [] : [state === 'down' ? 'nothing answers' : `lost ${lost} of 60 packets`],
      answering: true,
      proved: true,
      at_ms: startMs,
      checks: [
        { kind: 'icmp', ...check, state },
        { kind: 'tcp', ...check, window: { ...window, sent: 12, lost: 0 } },
      ],
    };
  }

  function traced(slower: number): KeptTrace {
    const steps = hopIps.map((_, at) => (at === faultyHop ? slower : 0) + nature.rttMs / hopIps.length);
    const hops = hopIps.map((ip, at) => {
      const rtt = steps.slice(0, at + 1).reduce((a, b) => a + b, 0);
      const answers = [{ ip, received: 3, min_ms: rtt, median_ms: rtt, max_ms: rtt }];
      return { ttl: at + 1, sent: 3, answers, added_ms: steps[at] as number };
    });
    const common = { target: 'b', source: 'a', cause: 'trouble', protocol: 'icmp', outcome: 'ok' } as const;
    return { ...common, id: `t${startMs}`, reached: true, hops, at_ms: startMs, duration_ms: 100 };
  }
}

function factsOf(windows: readonly WindowFacts[]): DependencyFacts {
  const host = (member: string) => [{ member, name: member, address: `${member}.example` }];
  return {
    id: 'd',
    source: { id: 'orders', name: 'orders', kind: 'service', location: 'us1', hosts: host('a') },
    target: { id: 'payments', name: 'payments', kind: 'service', location: 'eu1', hosts: host('b') },
    protocol: 'http',
    windows,
    memberPairs: [{ source: 'a', target: 'b' }],
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
