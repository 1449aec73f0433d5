import { describe, expect, test } from 'vitest';
import { hostFacts, isBehind, localFour } from './host-facts.ts';
import type { Namespace } from './namespaces.ts';
import { openedIn } from './opened-count.ts';
import type { ReadOutcome } from './reader.ts';
import type { ScanOutcome } from './scanner.ts';
import { standingOf, type StandingFacts } from './standing.ts';
import { averageCost, intervalFor } from './throttle.ts';

const where: Namespace = { id: 1, pid: 1, isOwn: true, pids: [1] };

function scan(rest: Partial<ScanOutcome> = {}, ...outcomes: ReadOutcome[]): ScanOutcome {
  const reads = outcomes.length === 0 ? [{ outcome: 'statistics', bad: 0 } as const] : outcomes;
  return {
    ...{
      atMs: 0,
      told: 1,
      leftOut: new Map(),
      waiting: 0,
      hiddenProcesses: 0,
      unownedListeners: 0,
      aliases: [],
    },
    share: { opened: 0, seen: 0 },
    look: {
      ...{ namespaces: [where], leftOut: 0, pids: new Set([1]), hiddenProcesses: 0 },
      ...{ arrived: [], closed: [], listeners: [], hasChanged: false },
      reads: reads.map((outcome) => ({ where, outcome })),
    },
    ...rest,
  };
}

const calm: StandingFacts = { intervalMs: 5000, wantedMs: 5000, costMs: 50, conntrack: 'read' };

describe('what is said of a look', () => {
  test('nothing, when nothing is in the way', () => {
    expect(standingOf(scan(), calm)).toMatchObject({ state: 'ok' });
    expect(standingOf(scan(), calm).reason).toBeUndefined();
  });

  test.each<[string, ScanOutcome, StandingFacts, string, string]>([
    [
      'no ss',
      scan({}, { outcome: 'addresses', bad: 0, reason: 'ss is not installed' }),
      calm,
      'limited',
      'read from /proc, without round trips, bytes and retransmissions, since ss is not installed',
    ],
    [
      'a namespace that is shut',
      scan({}, { outcome: 'statistics', bad: 0 }, { outcome: 'unseen', reason: 'nsenter ended with code 1' }),
      calm,
      'limited',
      'one network namespace is not seen, since nsenter ended with code 1',
    ],
    ['nothing to be seen', scan({}, { outcome: 'unseen', reason: 'no' }), calm, 'off', 'not seen'],
    [
      'a look cut short',
      scan({}, { outcome: 'cut short', reason: 'it took longer than 15000 ms' }),
      calm,
      'limited',
      'not seen whole, since it took longer than 15000 ms',
    ],
    [
      'processes of others',
      scan({ hiddenProcesses: 12 }),
      calm,
      'limited',
      '12 processes of other users may not be looked into',
    ],
    [
      'what it costs',
      scan(),
      { ...calm, intervalMs: 8000, costMs: 400 },
      'limited',
      'a look takes 400 ms of processor time: it looks every 8 s instead of every 5 s',
    ],
  ])('%s', (_, outcome, facts, state, reason) => {
    const standing = standingOf(outcome, facts);
    expect(standing.state).toBe(state);
    expect(standing.reason).toContain(reason);
    expect(standing.reason?.length).toBeLessThanOrEqual(500);
  });

  test('how many connections were too short to be seen, with numbers', () => {
    const [short] = standingOf(scan({ share: { opened: 1250, seen: 150 } }), calm).losses;
    expect(short).toBe(
      'of 1250 connection ends opened in the last looks, 1100 (88 %) were gone before a look could see them',
    );
  });

  test('that nobody tracks connections', () => {
    expect(standingOf(scan(), { ...calm, conntrack: 'absent' }).losses.join()).toContain(
      'short connections and translated addresses are not seen',
    );
  });
});

test.each([
  [5000, 50, 5000],
  [5000, 250, 5000],
  [5000, 400, 8000],
  [5000, 60_000, 60_000],
  [120_000, 60_000, 120_000],
])('every %d ms at a cost of %d ms: every %d ms', (wantedMs, costMs, expected) => {
  expect(intervalFor(wantedMs, costMs)).toBe(expected);
});

test('one dear look slows little down, and the first one less', () => {
  expect(averageCost(undefined, 800)).toBe(100);
  expect(averageCost(100, 200)).toBeCloseTo(130);
});

test.each([
  [
    'counts at both ends, without attempts',
    'Tcp: RtoMin ActiveOpens PassiveOpens AttemptFails\nTcp: 200 1000 500 30\n',
    1470,
  ],
  ['nothing', 'Udp: InDatagrams\nUdp: 5\n', undefined],
  ['no text', '', undefined],
])('opened connections: %s', (_, text, expected) => {
  expect(openedIn(text)).toBe(expected);
});

describe('a host', () => {
  const four = (address: string, prefix: number) => ({
    ...({
      address,
      cidr: `${address}/${prefix}`,
      family: 'IPv4',
      netmask: '',
      mac: '',
      internal: false,
    } as const),
  });
  test('has addresses, and gateways where it has bridges', () => {
    const interfaces = {
      lo: [four('127.0.0.1', 8)],
      eth0: [four('192.0.2.1', 24)],
      docker0: [four('172.17.0.1', 16)],
    };
    const { host, bridges } = hostFacts(interfaces, (name) => name === 'docker0');
    expect(host).toMatchObject({ addresses: ['192.0.2.1', '172.17.0.1'], gateways: ['172.17.0.1'] });
    expect(isBehind('172.17.5.9', bridges)).toBe(true);
    expect(isBehind('172.18.0.2', bridges)).toBe(false);
    expect(isBehind('fd00::1', bridges)).toBe(false);
  });

  test('has the local addresses of the kernel’s table', () => {
    const table = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 10.1.0.0
        /24 link UNICAST
     |-- 10.1.0.10
        /32 host LOCAL
     |-- 10.1.0.255
        /32 link BROADCAST
`;
    expect(localFour(table)).toEqual(['10.1.0.10']);
  });
});
