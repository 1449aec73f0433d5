import type { Result } from '@netring/contract/result';
import type { Trace } from '@netring/contract/trace';
import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';
import type { MemberFacts } from './self-metrics.ts';
import type { Check } from '../schedule/index.ts';

const facts: MemberFacts = {
  membersCount: 2,
  outbox: { waiting: 1, dropped: 3, droppedRecords: 0, givenUp: 0, refused: 0 },
  registryTrouble: undefined,
  registrySilentMs: 1500,
  eventLoopDelayMs: 2,
  discovery: {
    taken: 5,
    rejected: new Map([['bad_source', 2]]),
    dropped: { signals: 0, dependencies: 0, services: 1 },
    foldedCallers: 0,
    requestsSeen: 5,
    bucketsWaiting: 1,
    sources: [
      { kind: 'sockets', name: 'kernel', state: 'limited', taken: 5, rejected: { too_long: 3 }, losses: [] },
    ],
  },
  probes: {
    kind: 'up',
    restarts: 1,
    pulse: { type: 'pulse', eventLoopDelayMs: 4, cpuSeconds: 7, residentBytes: 5e7, off: [], answers: [] },
  },
};

const check = (id: string, endpoint?: string, more: Partial<Check> = {}): Check => ({
  id,
  location: `at-${id}`,
  ip: '10.0.0.2',
  fixed: true,
  ...(endpoint !== undefined && { endpoint }),
  target: {
    key: `${id} ${endpoint ?? ''}`,
    kind: endpoint === undefined ? 'tcp' : 'http',
    host: '10.0.0.2',
    port: 1,
    closing: 'reset',
  },
  ...more,
});

const tcp = (outcome: Result['outcome']): Result => ({
  kind: 'tcp',
  outcome,
  ended_ms: 1,
  ...(outcome === 'ok' && { connect_ms: 2 }),
});
const http = (outcome: Result['outcome'], status?: number): Result => ({
  kind: 'http',
  outcome,
  ended_ms: 1,
  ...(status !== undefined && { status, total_ms: 3 }),
});
const echoes: Result = { kind: 'icmp', outcome: 'ok', ended_ms: 1, sent: 3, received: 3, median_ms: 2 };
const flows: Result = {
  ...echoes,
  kind: 'udp',
  forward_lost: 0,
  return_lost: 0,
  reordered: 0,
  duplicates: 0,
};

/** The samples whose name begins with `name`, without their labels' names. */
async function samples(metrics: ReturnType<typeof createMetrics>, name: string): Promise<string[]> {
  const text = await metrics.text();
  return text.split('\n').filter((line) => line.startsWith(name));
}

describe('the metrics of a member', () => {
  it.each<[string, Check, Result, string, string[]]>([
    ['connected', check('m2'), tcp('ok'), 'netring_connectivity_tcp', ['1']],
    ['refused', check('m2'), tcp('refused'), 'netring_connectivity_tcp', ['0']],
    ['voided', check('m2'), tcp('void'), 'netring_connectivity_tcp', []],
    [
      'of the rotating part',
      check('m2', undefined, { fixed: false }),
      tcp('ok'),
      'netring_connectivity_tcp',
      [],
    ],
    ['200', check('m2', '/health'), http('ok', 200), 'netring_connectivity_http', ['1']],
    ['200', check('m2', '/health'), http('ok', 200), 'netring_http_healthy', ['1']],
    ['404: it answers', check('m2', '/health'), http('bad_status', 404), 'netring_connectivity_http', ['1']],
    ['404: not as expected', check('m2', '/health'), http('bad_status', 404), 'netring_http_healthy', ['0']],
    ['503', check('m2', '/health'), http('bad_status', 503), 'netring_connectivity_http', ['0']],
    ['silence', check('m2', '/health'), http('timeout'), 'netring_connectivity_http', ['0']],
    ['no HTTP', check('m2', '/health'), http('bad_status'), 'netring_connectivity_http', ['0']],
  ])('%s', async (_, of, result, name, values) => {
    const metrics = createMetrics({ location: 'us1', instanceId: 'm1', ip: '10.0.0.1' }, () => facts);
    metrics.found(of, result);
    expect((await samples(metrics, name)).map((line) => line.split(' ').at(-1))).toEqual(values);
  });

  it('show nothing of what a bandwidth test of ours did to a path', async () => {
    const metrics = createMetrics({ location: 'us1', instanceId: 'm1', ip: '10.0.0.1' }, () => facts);
    metrics.found(check('m2'), tcp('ok'));
    metrics.found(check('m2'), { ...tcp('ok'), disturbed: true });
    metrics.found(check('m2'), { ...tcp('timeout'), disturbed: true });
    for (const [name, value] of [
      ['netring_connectivity_tcp', '1'],
      ['netring_check_duration_seconds_count', '1'],
    ] as const)
      expect((await samples(metrics, name)).map((line) => line.split(' ').at(-1))).toEqual([value]);
  });

  it('carry the labels that dashboards use', async () => {
    const metrics = createMetrics({ location: 'us1', instanceId: 'm1', ip: '10.0.0.1' }, () => facts);
    metrics.found(check('m2'), tcp('ok'));
    metrics.found(check('m2', '/health'), http('ok', 200));
    const labels =
      'source_location="us1",source_instance="m1",target_location="at-m2",target_instance="m2",target_ip="10.0.0.2"';
    expect(await samples(metrics, 'netring_connectivity_tcp')).toEqual([
      `netring_connectivity_tcp{${labels}} 1`,
    ]);
    expect(await samples(metrics, 'netring_connectivity_http')).toEqual([
      `netring_connectivity_http{${labels},endpoint="/health"} 1`,
    ]);
    expect(await samples(metrics, 'netring_check_duration_seconds_count')).toEqual([
      'netring_check_duration_seconds_count{check_type="tcp",target_location="at-m2"} 1',
      'netring_check_duration_seconds_count{check_type="http",target_location="at-m2"} 1',
    ]);
  });

  it('go with their target', async () => {
    const metrics = createMetrics({ location: 'us1', instanceId: 'm1', ip: '10.0.0.1' }, () => facts);
    const [stays, goes] = [check('m2'), check('m3')];
    metrics.keepOnly([stays, goes]);
    metrics.found(stays, tcp('ok'));
    metrics.found(goes, tcp('ok'));
    metrics.found(check('m3', '/health'), http('ok', 200));
    for (const packets of [echoes, flows]) metrics.found(goes, packets);
    metrics.keepOnly([stays]);
    const text = await metrics.text();
    expect(text).toContain('target_instance="m2"');
    expect(text).not.toContain('m3');
  });

  it('go when a target has moved, and come back under its new address', async () => {
    const metrics = createMetrics({ location: 'us1', instanceId: 'm1', ip: '10.0.0.1' }, () => facts);
    metrics.found(check('m2'), tcp('ok'));
    metrics.keepOnly([check('m2', undefined, { ip: '10.0.0.3' })]);
    expect(await samples(metrics, 'netring_connectivity_tcp')).toEqual([]);
  });

  it('tell the rates of both directions, and forget both with the target', async () => {
    const metrics = createMetrics({ location: 'us1', instanceId: 'm1', ip: '10.0.0.1' }, () => facts);
    metrics.rate(check('m2'), 'forward', 90, 60_000);
    metrics.rate(check('m2'), 'return', 20, 60_000);
    metrics.rate(check('m2', undefined, { fixed: false }), 'return', 30, 60_000);
    const here = 'location="us1",X_instance="m1"';
    const there = 'location="at-m2",X_instance="m2"';
    const labels = (source: string, target: string, ip: string) =>
      `source_${source.replace('X', 'source')},target_${target.replace('X', 'target')},target_ip="${ip}"`;
    expect(await samples(metrics, 'netring_bandwidth_mbps')).toEqual([
      `netring_bandwidth_mbps{${labels(here, there, '10.0.0.2')}} 90`,
      `netring_bandwidth_mbps{${labels(there, here, '10.0.0.1')}} 20`,
    ]);
    metrics.keepOnly([check('m2')]);
    expect(await samples(metrics, 'netring_bandwidth_mbps')).toHaveLength(2);
    metrics.keepOnly([]);
    expect(await samples(metrics, 'netring_bandwidth_mbps')).toEqual([]);
  });

  it('tell how the member itself is', async () => {
    const metrics = createMetrics({ location: 'us1', instanceId: 'm1', ip: '10.0.0.1' }, () => facts);
    for (let scrape = 0; scrape < 2; scrape++) {
      const text = await metrics.text();
      for (const line of [
        'netring_members_total 2',
        'netring_outbox_buckets 1',
        'netring_outbox_dropped_buckets_total 3',
        'netring_registry_reachable 1',
        'netring_registry_silence_seconds 1.5',
        'netring_probe_process_up 1',
        'netring_probe_process_restarts_total 1',
        'netring_probe_event_loop_delay_seconds 0.004',
        'netring_discovery_observations_total 5',
        'netring_discovery_rejected_total{reason="bad_source"} 2',
        'netring_discovery_dropped_total{what="services"} 1',
        'netring_discovery_sources{kind="sockets",state="limited"} 1',
        'netring_discovery_source_rejected_total{kind="sockets",reason="too_long"} 3',
      ]) {
        expect(text.split('\n')).toContain(line);
      }
    }
  });
});

it('shows hops and worst step of the newest trace, and removes them with their target', async () => {
  const metrics = createMetrics({ location: 'here', instanceId: 'm1', ip: '10.0.0.1' }, () => facts);
  const trace = (worst?: number, reached = true): Trace => ({
    id: 'a',
    target: 'm2',
    cause: 'schedule',
    protocol: 'icmp',
    outcome: reached ? 'ok' : 'timeout',
    started_ms: 1,
    ended_ms: 2,
    reached,
    hops: [1, 2, 3].map((ttl) => ({ ttl, sent: 3, answers: [] })),
    ...(worst !== undefined && { worst_step: { ttl: 2, ip: '10.0.0.9', added_ms: worst } }),
  });
  const values = async () =>
    (await samples(metrics, 'netring_traceroute_')).map(
      (line) => `${line.split('{')[0]} ${line.split(' ').at(-1)}`,
    );
  metrics.traced(check('m2'), trace(80));
  expect(await values()).toEqual([
    'netring_traceroute_hops_total 3',
    'netring_traceroute_max_hop_latency_ms 80',
    'netring_traceroute_worst_step_info 1',
  ]);
  expect((await samples(metrics, 'netring_traceroute_worst_step_info'))[0]).toContain(
    'hop="2",hop_ip="10.0.0.9"',
  );
  metrics.traced(check('m2'), trace());
  expect(await values()).toEqual([
    'netring_traceroute_hops_total 3',
    'netring_traceroute_max_hop_latency_ms 0',
  ]);
  metrics.traced(check('m2'), trace(undefined, false));
  expect(await values()).toEqual(['netring_traceroute_hops_total 3']);
  metrics.keepOnly([]);
  expect(await values()).toEqual([]);
});
