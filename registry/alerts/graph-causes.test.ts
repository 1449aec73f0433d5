import type { AlertSubject, RuleName } from '@netring/contract/alert';
import { describe, expect, it } from 'vitest';
import type { AlertMemory } from './alert-state.ts';
import { finding, type Finding } from './finding.ts';
import type { Ground } from './ground.ts';
import { groupByCause } from './grouping.ts';
import { follow, type IncidentMemory } from './incidents.ts';

const sites = ['ap1', 'eu1', 'us1', 'us2'];
const ground: Ground = {
  paths: sites.flatMap((source) =>
    sites.filter((target) => target !== source).map((target) => ({ source, target, atMs: 1_000_000 })),
  ),
  external: [],
  rates: [],
  members: sites.map((one) => ({ id: `${one}-a`, location: one, status: 'online' })),
};

function firing(of: Omit<Finding, 'id'>, severity: AlertMemory['severity'] = 'warning'): AlertMemory {
  return {
    ...finding(of),
    severity,
    state: 'firing',
    pendingSinceMs: 1,
    firingSinceMs: 2,
    heldMs: 900_000,
    quietMs: 0,
    unknownMs: 0,
    looks: 'xxx',
    flaps: 0,
    saidAtMs: 1,
  };
}

/** `us1/orders>eu1/payments`, slow. */
function slow(
  call: string,
  blame: Finding['blame'],
  more: AlertSubject = {},
  rule: RuleName = 'dependency_slow',
) {
  const [source_service = '', target_service = ''] = call.split('>');
  const [source_location = '', target_location = ''] = [source_service, target_service].map(
    (id) => id.split('/')[0] ?? '',
  );
  const ends = { source_service, target_service, source_location, target_location };
  const subject = { dependency: call, ...ends, ...more };
  return firing({ rule, subject, summary: `${call}: ${rule}`, ...(blame && { blame }) });
}

function on(rule: RuleName, way: string, hop_ip?: string): AlertMemory {
  const [source_location = '', target_location = ''] = way.split('>');
  const subject = { source_location, target_location, ...(hop_ip === undefined ? {} : { hop_ip }) };
  return firing({ rule, subject, summary: `${way}: ${rule}`, value: 150 });
}

const causes = (alerts: AlertMemory[], on: Ground = ground) =>
  groupByCause(alerts, on).map(({ cause, alerts: own }) => [cause.kind, own.length]);

describe('a dependency in trouble', () => {
  it('by the network belongs to its path, whatever that suffers from', () => {
    const calls = [slow('us1/orders>eu1/payments', 'network'), slow('eu1/web>us1/db', 'network')];
    for (const rule of ['loss', 'latency_above_baseline', 'connectivity_down', 'high_hop_latency'] as const)
      expect(causes([...calls, on(rule, 'eu1>us1')])).toEqual([['location_pair', 3]]);
    expect(causes(calls)).toEqual([['location_pair', 2]]);
  });
  it('by the network belongs to the site that is cut off, and to the direction that is in trouble', () => {
    const call = slow('us1/orders>eu1/payments', 'network', {}, 'dependency_failing');
    const cut = ['ap1', 'us1', 'us2'].flatMap((site) => [`${site}>eu1`, `eu1>${site}`]);
    expect(causes([call, ...cut.map((way) => on('connectivity_down', way))])).toEqual([['location', 7]]);
    const towards = ['ap1', 'us1', 'us2'].map((site) => on('loss', `${site}>eu1`));
    expect(causes([call, ...towards])).toEqual([['direction', 4]]);
  });
  it('by the network belongs to the hop that its verdict names, where several paths have it', () => {
    const hop = { hop_ip: '10.0.0.9' };
    const calls = [slow('us1/a>eu1/b', 'network', hop), slow('us2/a>eu1/b', 'network', hop)];
    const groups = groupByCause([...calls, on('latency_above_baseline', 'us1>eu1')], ground);
    expect(groups.map(({ cause, alerts }) => [cause.kind, cause.subject, alerts.length])).toEqual([
      ['hop', hop, 3],
    ]);
  });
  it('between the members that one does not reach belongs to that member', () => {
    const down = firing({
      rule: 'member_down',
      subject: { location: 'eu1', instance_id: 'eu1-a' },
      summary: 'eu1-a is silent',
    });
    const under = { source: 'us1-a', target: 'eu1-a' };
    expect(causes([slow('us1/a>eu1/b', 'network', under), down])).toEqual([['member', 2]]);
  });
  it('by its callee is an incident of that service alone, beside what the network does', () => {
    const alerts = [
      slow('us1/orders>eu1/payments', 'application'),
      slow('us2/orders>eu1/payments', 'both'),
      slow('us1/orders>eu1/ledger', 'unknown', {}, 'dependency_failing'),
      slow('us1/web>eu1/search', 'network'),
      on('loss', 'us1>eu1'),
    ];
    const told = groupByCause(alerts, ground).map(({ cause }) => cause.subject.service ?? cause.kind);
    expect(told.sort()).toEqual(['eu1/ledger', 'eu1/payments', 'location_pair']);
  });
  it('is told with how many others there are, and with what its callee waits for', () => {
    const alerts = [
      slow('us1/web>us1/orders', 'application'),
      slow('us2/web>us1/orders', 'application'),
      slow('us1/orders>us1/db', 'application'),
    ];
    const told = follow([], groupByCause(alerts, ground), ground, 10).map(({ summary }) => summary);
    expect(told.sort()).toEqual([
      'us1/orders>us1/db: dependency_slow',
      'us1/web>us1/orders: dependency_slow; another dependency does so too; what it calls is in trouble too: us1/db',
    ]);
  });
  it('opens no incident when it is merely new', () => {
    const fresh = firing(
      { rule: 'service_new', subject: { service: 'us1/x' }, summary: 'the service us1/x is new' },
      'info',
    );
    expect(follow([], groupByCause([fresh], ground), ground, 10)).toEqual([]);
  });
});

describe('a slow step', () => {
  it('of each path of a site is no trouble of that site, unless they share it', () => {
    const steps = (ip: (at: number) => string) =>
      ['us1', 'us2', 'eu1'].flatMap((site, at) => [
        on('high_hop_latency', `${site}>ap1`, ip(at)),
        on('high_hop_latency', `ap1>${site}`, ip(at + 3)),
      ]);
    expect(causes(steps((at) => `10.0.0.${at}`))).toEqual([
      ['location_pair', 2],
      ['location_pair', 2],
      ['location_pair', 2],
    ]);
    expect(causes(steps(() => '10.0.0.9'))).toEqual([['location', 6]]);
  });
});

describe('a registry whose one link is cut', () => {
  const two: Ground = {
    ...ground,
    paths: [{ source: 'us1', target: 'eu1', atMs: 1_000_000 }],
    members: ['us1-a', 'eu1-a', 'eu1-b'].map((id) => ({ id, location: id.slice(0, 3), status: 'stale' })),
  };
  const deaf = firing({
    rule: 'registry_deaf',
    subject: {},
    summary: 'the registry hears nobody from eu1',
    members: ['eu1-a', 'eu1-b'],
  });
  it('is one incident, of the pair of sites', () => {
    expect(causes([deaf, on('connectivity_down', 'us1>eu1')], two)).toEqual([['location_pair', 2]]);
    expect(causes([deaf], two)).toEqual([['registry', 1]]);
  });
  it('stays one incident when the cut is known only after the silence', () => {
    const cut = ['ap1', 'eu1', 'us2'].map((site) => on('connectivity_down', `us1>${site}`));
    const silent = { ...deaf, members: ['ap1-a', 'eu1-a', 'us2-a'] };
    const ways = { ...ground, paths: ground.paths.filter(({ source }) => source === 'us1') };
    let incidents: IncidentMemory[] = [];
    for (const alerts of [[silent], [silent, ...cut], [silent]])
      incidents = follow(incidents, groupByCause(alerts, ways), ways, 10);
    expect(incidents.map(({ cause, state }) => [cause.kind, state])).toEqual([['location', 'open']]);
  });
});
