import { describe, expect, test } from 'vitest';
import { Connection } from './connection.ts';
import { Dependency, type DependencyEnds } from './dependency.ts';
import { NamespaceTable } from './namespace-table.ts';
import { noInfo, socketState, type SocketRow } from './socket-row.ts';

const startMs = 1_767_225_600_000;

function row(rest: Partial<SocketRow> & { local?: string; remote?: string } = {}): SocketRow {
  const { local = '10.0.0.1', remote = '10.0.0.2', ...others } = rest;
  return {
    ...noInfo,
    ...{ state: socketState.established, inode: 7, cookie: 70, localPort: 50_000, remotePort: 80 },
    ...{ isV6Only: false, sendQueue: 0, hasInfo: true },
    ...others,
    localAddress: () => local,
    remoteAddress: () => remote,
  };
}

const ends: DependencyEnds = {
  source: { host: '10.0.0.1', port: 0, service: 'service:shop' },
  destination: { host: '10.0.0.2', port: 80, service: 'address:10.0.0.2:80' },
  protocol: 'http',
  evidence: 'caller',
};

/** What a dependency of one connection hands over after each of these rows. */
function told(rows: readonly SocketRow[], isBaseline = false, of = ends) {
  const dependency = new Dependency(of, true);
  const one = new Connection(rows[0] as SocketRow, 1, 'tcp', startMs, isBaseline);
  return rows.map((now, look) => {
    if (look > 0 || !isBaseline) one.look(now);
    const atMs = startMs + look * 5000;
    dependency.add(one, Math.floor(atMs / 10_000));
    return dependency.take(atMs, Math.floor(atMs / 10_000));
  });
}

function amounts(taken: ReturnType<typeof told>): unknown[] {
  return taken.map((one) =>
    one.kind === 'news'
      ? one.observations.map(({ weight, bytes_sent, bytes_received }) => [weight, bytes_sent, bytes_received])
      : one.kind,
  );
}

describe('a connection', () => {
  test('counts once, then adds what it carried since; sent again is not sent twice', () => {
    const taken = told([
      row({ bytesSent: 100, bytesAcked: 101, bytesReceived: 10 }),
      row({ bytesSent: 350, bytesRetransmitted: 50, retransmits: 2, bytesAcked: 301, bytesReceived: 10 }),
    ]);
    expect(amounts(taken)).toEqual([
      [
        [1, 0, 0],
        [0, 100, 10],
      ],
      [[0, 200, 0]],
    ]);
    expect(taken[1]).toMatchObject({ values: { bytes_sent: 250, bytes_retransmitted: 50, retransmits: 2 } });
  });

  test('that was there before us is no new one, and what it carried before is left out', () => {
    const taken = told(
      [row({ bytesSent: 1e9, bytesAcked: 1e9 }), row({ bytesSent: 1e9 + 5, bytesAcked: 1e9 + 5 })],
      true,
    );
    expect(amounts(taken)).toEqual([[[0, 0, 0]], [[0, 5, 0]]]);
  });

  test('that began anew is counted from there', () => {
    const taken = told([row({ bytesSent: 1000, bytesAcked: 1001 }), row({ bytesSent: 30, bytesAcked: 31 })]);
    expect(amounts(taken)[1]).toEqual([[0, 30, 0]]);
  });

  test('that is idle is kept alive once a bucket, and counted once in it', () => {
    const idle = row({ bytesSent: 10, bytesAcked: 11 });
    const taken = told([idle, idle, idle, idle]);
    expect(taken.map((one) => one.kind)).toEqual(['news', 'quiet', 'news', 'quiet']);
    expect(taken[2]).toMatchObject({ values: { connections: 1, new_connections: 0 } });
  });

  test('seen from the end that answers, what that end sent is what the caller got', () => {
    const taken = told([row({ bytesSent: 7, bytesAcked: 8, bytesReceived: 3 })], false, {
      ...ends,
      evidence: 'callee',
    });
    expect(amounts(taken)[0]).toEqual([
      [1, 0, 0],
      [0, 3, 7],
    ]);
  });

  test('tells the smoothed round trip while data is acknowledged, and the least one the kernel knows', () => {
    const at = (acked: number, rttUs: number): SocketRow =>
      row({ bytesSent: acked, bytesAcked: acked, rttUs, minRttUs: 900 });
    const rows = [at(10, 1700), at(10, 1700), ...Array.from({ length: 11 }, (_, n) => at(20 + n, 52_000))];
    const values = told(rows).map((one) => (one.kind === 'news' ? one.values : {}));
    expect(values[0]).toMatchObject({ rtt_floor_ms: 0.9, rtt_ms: 1.7 });
    expect(values[1]?.rtt_ms).toBeUndefined();
    expect(values[2]).toMatchObject({ rtt_floor_ms: 0.9, rtt_ms: 52 });
    expect(values[12]).toMatchObject({ rtt_floor_ms: 0.9, rtt_ms: 52 });
  });

  test('tells what it waits for', () => {
    const [first] = told([
      row({ busyUs: 72_000, rwndLimitedUs: 60_000, sndbufLimitedUs: 4000, sendQueue: 500 }),
    ]);
    expect(first).toMatchObject({
      values: {
        ...{ busy_ms: 72, rwnd_limited_ms: 60, sndbuf_limited_ms: 4 },
        queue_bytes: { last: 500, min: 500, max: 500, sum: 500, count: 1 },
        tuples: ['10.0.0.1:50000>10.0.0.2:80'],
      },
    });
  });

  test('without statistics says nothing of bytes', () => {
    const [first] = told([row({ hasInfo: false })]);
    expect(first).toMatchObject({ kind: 'news' });
    expect(Object.keys(first?.kind === 'news' ? first.values : {})).toEqual(
      expect.not.arrayContaining(['bytes_sent', 'busy_ms', 'rtt_ms']),
    );
  });
});

describe('a namespace', () => {
  const listen = (address: string, port: number, inode = port): SocketRow =>
    row({
      state: socketState.listen,
      local: address,
      remote: '0.0.0.0',
      localPort: port,
      remotePort: 0,
      inode,
      cookie: inode,
    });
  /** The role of each connection that came with this look. */
  const look = (table: NamespaceTable, scan: number, rows: readonly SocketRow[], isWhole = true) => {
    table.begin(scan, startMs);
    for (const one of rows) table.take(one, 'tcp');
    table.end(isWhole);
    return table.arrived.map((one) => one.role);
  };
  const table = (): NamespaceTable => new NamespaceTable(1, false, (port) => port >= 32_768);

  test.each<[string, SocketRow[], 'caller' | 'callee']>([
    ['a listener at that address', [listen('10.0.0.1', 9000)], 'callee'],
    ['a listener at every address', [listen('0.0.0.0', 9000)], 'callee'],
    ['a listener at every address of both families', [listen('*', 9000)], 'callee'],
    ['a listener for IPv6 alone', [listen('::', 9000)], 'caller'],
    ['a listener at another address', [listen('127.0.0.1', 9000)], 'caller'],
    ['a listener at another port', [listen('0.0.0.0', 9001)], 'caller'],
    ['no listener', [], 'caller'],
  ])('with %s: direction is never told by the order of ports', (_, listeners, role) => {
    const from = row({ localPort: 9000, remotePort: 80 });
    expect(look(table(), 1, [from, ...listeners])).toEqual([role]);
  });

  test('keeps what it knows of a connection, also when its listener goes', () => {
    const one = table();
    const from = row({ localPort: 9000, remotePort: 50_000 });
    expect(look(one, 1, [listen('0.0.0.0', 9000), from])).toEqual(['callee']);
    expect(look(one, 2, [from])).toEqual([]);
    expect([...one.connections.values()].map((connection) => connection.role)).toEqual(['callee']);
  });

  test('tells a new socket of the same address from the old one; what is gone is gone', () => {
    const one = table();
    look(one, 1, [row({ cookie: 1, bytesSent: 50, bytesAcked: 51 })]);
    expect(look(one, 2, [row({ cookie: 2, bytesSent: 60, bytesAcked: 61 })])).toEqual(['caller']);
    expect(one.closed).toHaveLength(1);
    expect(one.connections.size).toBe(1);
  });

  test('read once without cookies and statistics, a connection stays the same one, and counts nothing twice', () => {
    const one = table();
    const full = (bytesSent: number): SocketRow => row({ bytesSent, bytesAcked: bytesSent + 1 });
    const bare = row({ cookie: 0, hasInfo: false });
    look(one, 1, [full(1e9)]);
    const [connection] = one.connections.values();
    connection?.handedOver();
    expect(look(one, 2, [bare])).toEqual([]);
    expect(look(one, 3, [full(1e9 + 5)])).toEqual([]);
    expect(one.closed).toEqual([]);
    expect([...one.connections.values()]).toEqual([connection]);
    expect(connection?.sentBytes).toBe(5);
  });

  test('of a connection from before us, what it had carried is no news when its statistics come later', () => {
    const one = new NamespaceTable(1, true, () => false);
    look(one, 1, [row({ cookie: 0, hasInfo: false })]);
    expect(look(one, 2, [row({ bytesSent: 1e9, bytesAcked: 1e9 + 1 })])).toEqual([]);
    const [connection] = one.connections.values();
    expect([one.connections.size, connection?.sentBytes, connection?.isNew]).toEqual([1, 0, false]);
    look(one, 3, [row({ bytesSent: 1e9 + 7, bytesAcked: 1e9 + 8 })]);
    expect(connection?.sentBytes).toBe(7);
  });

  test('a look that was cut short takes nothing away', () => {
    const one = table();
    look(one, 1, [listen('0.0.0.0', 9000), row()]);
    look(one, 2, [], false);
    expect([one.connections.size, one.listeners.size, one.closed.length]).toEqual([1, 1, 0]);
  });

  test('an unconnected UDP socket listens, unless the kernel chose its port', () => {
    const one = table();
    one.begin(1, startMs);
    const open = (port: number): SocketRow =>
      row({ state: socketState.unconnected, local: '0.0.0.0', localPort: port, remotePort: 0, inode: port });
    for (const port of [53, 40_000]) one.take(open(port), 'udp');
    one.end(true);
    expect([...one.listeners.values()].map(({ port }) => port)).toEqual([53]);
  });
});
