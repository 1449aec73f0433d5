import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createDumpParser } from './dump-parser.ts';
import { parseProcNet } from './proc-parser.ts';
import type { RowSink, SocketRow } from './socket-row.ts';
import { createTextParser } from './text-parser.ts';

const recorded = (name: string): string =>
  readFileSync(new URL(`testdata/${name}`, import.meta.url), 'latin1');
const dump = Buffer.from(recorded('ss-dump.base64'), 'base64');
const text = recorded('ss.txt');

/** `state local>remote inode`, in order. */
function ends(rows: readonly Row[]): string[] {
  return rows
    .map((row) => `${row.state} ${row.local} ${row.localPort}>${row.remote} ${row.remotePort} ${row.inode}`)
    .sort();
}

interface Row extends Omit<SocketRow, 'localAddress' | 'remoteAddress'> {
  local: string;
  remote: string;
}

/** Rows are used again and again: what they said is copied. */
function collect(): { rows: Row[]; sink: RowSink } {
  const rows: Row[] = [];
  const sink: RowSink = (row) => {
    const { state, inode, cookie, localPort, remotePort, isV6Only, sendQueue, hasInfo, cgroup } = row;
    const { rttUs, minRttUs, bytesSent, bytesAcked, bytesReceived, bytesRetransmitted, retransmits } = row;
    const { busyUs, rwndLimitedUs, sndbufLimitedUs } = row;
    rows.push({
      ...{ state, inode, cookie, localPort, remotePort, isV6Only, sendQueue, hasInfo, cgroup },
      ...{ rttUs, minRttUs, bytesSent, bytesAcked, bytesReceived, bytesRetransmitted, retransmits },
      ...{ busyUs, rwndLimitedUs, sndbufLimitedUs },
      local: row.localAddress(),
      remote: row.remoteAddress(),
    });
  };
  return { rows, sink };
}

function fromDump(bytes: Buffer, chunk = bytes.length): { rows: Row[]; objection: string | undefined } {
  const { rows, sink } = collect();
  const parser = createDumpParser(sink);
  for (let at = 0; at < bytes.length; at += chunk) parser.push(bytes.subarray(at, at + chunk));
  parser.end();
  return { rows, objection: parser.objection() };
}

function fromText(lines: string, chunk = lines.length): { rows: Row[]; bad: number; objection?: string } {
  const { rows, sink } = collect();
  const parser = createTextParser(sink);
  const bytes = Buffer.from(lines, 'latin1');
  for (let at = 0; at < bytes.length; at += chunk) parser.push(bytes.subarray(at, at + chunk));
  parser.end();
  const objection = parser.objection();
  return { rows, bad: parser.bad(), ...(objection === undefined ? {} : { objection }) };
}

function fromProc(...texts: string[]): { rows: Row[]; bad: number } {
  const { rows, sink } = collect();
  return { bad: texts.reduce((sum, one) => sum + parseProcNet(one, sink), 0), rows };
}

const recordedEnds = [
  '1 127.0.0.1 18080>127.0.0.1 57810 5335730',
  '1 127.0.0.1 18082>127.0.0.1 34782 0',
  '1 127.0.0.1 34782>127.0.0.1 18082 5335733',
  '1 127.0.0.1 57810>127.0.0.1 18080 5335729',
  '1 ::1 18081>::1 57766 5335732',
  '1 ::1 57766>::1 18081 5335731',
  '10 * 18080>* 0 5335726',
  '10 127.0.0.1 18082>0.0.0.0 0 5335728',
  '10 :: 18081>:: 0 5335727',
];

describe('one moment, recorded in three ways', () => {
  test('the dump tells listeners, IPv4 in IPv6, and what nobody has accepted yet', () => {
    const { rows, objection } = fromDump(dump);
    expect(objection).toBeUndefined();
    expect(ends(rows)).toEqual(recordedEnds);
  });

  test('the text tells the same sockets and the same numbers', () => {
    const { rows, bad } = fromText(text);
    expect(bad).toBe(0);
    expect(ends(rows)).toEqual(recordedEnds);
    const numbers = ({ cookie, bytesSent, bytesAcked, bytesReceived, rttUs, minRttUs, isV6Only }: Row) => ({
      ...{ cookie, bytesSent, bytesAcked, bytesReceived, rttUs, minRttUs },
      isV6Only,
    });
    const established = (all: readonly Row[]) =>
      all
        .filter((one) => one.state === 1)
        .map(numbers)
        .sort((a, b) => a.cookie - b.cookie);
    expect(established(fromDump(dump).rows)).toEqual(established(rows));
    expect(rows.find((one) => one.cookie === 0x1f097)).toMatchObject({
      ...{ rttUs: 21, minRttUs: 8, bytesSent: 1000, bytesAcked: 1001, bytesReceived: 50 },
      ...{ sendQueue: 0, cgroup: '/', hasInfo: true },
    });
  });

  test('/proc tells the same sockets, and nothing of who refuses IPv4', () => {
    const { rows, bad } = fromProc(recorded('proc-tcp.txt'), recorded('proc-tcp6.txt'));
    expect(bad).toBe(0);
    expect(ends(rows)).toEqual(
      recordedEnds
        .map((line) => (line.startsWith('10 ::') ? '10 * 18081>:: 0 5335727' : line))
        .map((line) => line.replace('>* 0', '>:: 0'))
        .sort(),
    );
    expect(rows.every((one) => !one.hasInfo && one.cookie === 0)).toBe(true);
  });

  test.each([1, 7, 100, 4096])('in pieces of %d bytes it is the same', (chunk) => {
    expect(ends(fromDump(dump, chunk).rows)).toEqual(recordedEnds);
    expect(ends(fromText(text, chunk).rows)).toEqual(recordedEnds);
  });
});

describe('a dump', () => {
  test.each<[string, Buffer, string]>([
    ['of nothing at all', Buffer.alloc(0), 'it is empty'],
    ['that ends early', dump.subarray(0, dump.length - 9), 'it ends in the middle of a message'],
    ['that is text', Buffer.from(text), 'it is no dump of sockets'],
    ['of zeros', Buffer.alloc(64), 'it is no dump of sockets'],
  ])('%s is objected to', (_, bytes, objection) => {
    expect(fromDump(bytes).objection).toBe(objection);
  });

  test('of an older kernel has zeros where there is nothing', () => {
    const message = Buffer.from(dump.subarray(0, dump.readUInt32LE(0)));
    // The information ends after the round trip.
    for (let at = 88; at < message.length;) {
      const length = message.readUInt16LE(at);
      if (message.readUInt16LE(at + 2) === 2) message.writeUInt16LE(4 + 72, at);
      at += (length + 3) & ~3;
    }
    expect(fromDump(message).rows[0]).toMatchObject({ bytesSent: 0, bytesAcked: 0, minRttUs: 0 });
  });

  test('with any byte changed neither throws nor goes on for ever', () => {
    for (let at = 0; at < dump.length; at += 17) {
      const spoilt = Buffer.from(dump);
      spoilt[at] = (spoilt[at] as number) ^ 0xff;
      expect(fromDump(spoilt).rows.length).toBeLessThanOrEqual(recordedEnds.length);
    }
  });
});

describe('text', () => {
  test.each<[string, string, Partial<Row> | undefined]>([
    [
      'a busy sender',
      'ESTAB 0 1448 10.0.0.1:5000 10.0.0.2:80 ino:7 sk:a <-> rtt:52.5/2 retrans:1/12 bytes_sent:10 bytes_retrans:4 busy:72ms rwnd_limited:60ms(83.3%) sndbuf_limited:4ms(5.6%)',
      {
        sendQueue: 1448,
        rttUs: 52_500,
        retransmits: 12,
        bytesRetransmitted: 4,
        busyUs: 72_000,
        rwndLimitedUs: 60_000,
        sndbufLimitedUs: 4000,
        cookie: 10,
      },
    ],
    [
      'a zone',
      'ESTAB 0 0 [fe80::1%eth0]:22 [fe80::2%eth0]:5000 ino:7',
      { local: 'fe80::1', remote: 'fe80::2', hasInfo: false },
    ],
    ['no statistics', 'ESTAB 0 0 10.0.0.1:5000 10.0.0.2:80', { inode: 0, hasInfo: false, rttUs: 0 }],
    [
      'a control group',
      'ESTAB 0 0 10.0.0.1:5000 10.0.0.2:80 uid:33 ino:7 cgroup:/system.slice/nginx.service',
      { cgroup: '/system.slice/nginx.service' },
    ],
    [
      'nonsense for numbers',
      'ESTAB 0 0 10.0.0.1:5000 10.0.0.2:80 ino:x rtt:-1/2 busy:',
      { inode: 0, rttUs: 0, busyUs: 0 },
    ],
    ['a state that is none', 'MAYBE 0 0 10.0.0.1:5000 10.0.0.2:80', undefined],
    ['a port that is none', 'ESTAB 0 0 10.0.0.1:70000 10.0.0.2:80', undefined],
    ['half a line', 'ESTAB 0 0 10.0.0.1', undefined],
    ['binary', '\u0000\u0001ÿ', undefined],
  ])('with %s', (_, line, expected) => {
    const { rows, bad } = fromText(`${line}\n`);
    expect(bad).toBe(expected === undefined ? 1 : 0);
    if (expected === undefined) expect(rows).toEqual([]);
    else expect(rows[0]).toMatchObject(expected);
  });

  test('that is no list of sockets is objected to; a line without end does not grow', () => {
    expect(fromText('Error: no such file\n').objection).toBe('no line of it is a socket');
    expect(fromText('x'.repeat(300_000), 10_000).bad).toBeGreaterThan(0);
  });
});

test.each<[string, string, string | undefined]>([
  ['IPv4', '0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 0 0 42', '10 127.0.0.1 8080>0.0.0.0 0 42'],
  [
    'IPv6',
    '0: B80D0120000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 42',
    '10 2001:db8::1 80>:: 0 42',
  ],
  ['an address cut short', '0: 0100:1F90 00000000:0000 0A 0:0 0:0 0 0 0 42', undefined],
  ['96 bits', '0: 0100007F0100007F0100007F:1F90 00000000:0000 0A 0:0 0:0 0 0 0 42', undefined],
  ['no inode', '0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 0 0', undefined],
  ['nonsense', 'no such thing', undefined],
])('/proc: %s', (_, line, expected) => {
  const { rows, bad } = fromProc(`  sl  local_address\n${line}\n`);
  expect(ends(rows)).toEqual(expected === undefined ? [] : [expected]);
  expect(bad).toBe(expected === undefined ? 1 : 0);
});
