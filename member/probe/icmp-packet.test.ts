import { describe, expect, test } from 'vitest';
import { canonicalAddress, echoRequest, readIcmp, unreachableText } from './icmp-packet.ts';

const payload = Buffer.from('0123456789abcdef');

/** The packet behind an IPv4 header without options, to 192.0.2.9. */
function inIpv4(protocol: number, inner: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt8(protocol, 9);
  header.set([192, 0, 2, 9], 16);
  return Buffer.concat([header, inner]);
}

function inIpv6(protocol: number, inner: Buffer): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt8(0x60, 0);
  header.writeUInt8(protocol, 6);
  header.set([0x20, 0x01, 0x0d, 0xb8], 24);
  header.writeUInt8(9, 39);
  return Buffer.concat([header, inner]);
}

function errorAbout(type: number, code: number, quoted: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type, code, 0, 0, 0, 0, 0, 0]), quoted]);
}

function answerTo(request: Buffer, type: number): Buffer {
  const answer = Buffer.from(request);
  answer.writeUInt8(type, 0);
  return answer;
}

function sumOf(packet: Buffer): number {
  let sum = 0;
  for (let at = 0; at < packet.length; at += 2) sum += packet.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

describe('an echo request', () => {
  test('carries a checksum under which it sums up to all ones', () => {
    expect(sumOf(echoRequest(4, { id: 0xbeef, seq: 7, payload }))).toBe(0xffff);
  });

  test('comes out with the checksum asked for, whatever its sequence, so that it stays on one flow', () => {
    for (const seq of [0, 1, 2, 0xffff]) {
      const packet = echoRequest(4, { id: 0xbeef, seq, payload, checksum: 0x1234 });
      expect(packet.readUInt16BE(2)).toBe(0x1234);
      expect(sumOf(packet)).toBe(0xffff);
    }
  });
});

describe('what a raw socket delivers', () => {
  const request4 = echoRequest(4, { id: 0xbeef, seq: 7, payload });
  const request6 = echoRequest(6, { id: 0xbeef, seq: 7, payload });

  test('is read as an echo answer', () => {
    expect(readIcmp(4, inIpv4(1, answerTo(request4, 0)))).toEqual({
      kind: 'echo',
      id: 0xbeef,
      seq: 7,
      payload,
    });
    expect(readIcmp(6, answerTo(request6, 129))).toEqual({ kind: 'echo', id: 0xbeef, seq: 7, payload });
  });

  test.each([
    [4, 'time_exceeded', inIpv4(1, errorAbout(11, 0, inIpv4(1, request4))), '192.0.2.9'],
    [4, 'unreachable', inIpv4(1, errorAbout(3, 0, inIpv4(1, request4))), '192.0.2.9'],
    [6, 'time_exceeded', errorAbout(3, 0, inIpv6(58, request6)), '2001:db8::9'],
    [6, 'unreachable', errorAbout(1, 0, inIpv6(58, request6)), '2001:db8::9'],
  ] as const)('IPv%i: is read as %s about our request', (family, kind, packet, destination) => {
    expect(readIcmp(family, packet)).toEqual({
      kind,
      code: 0,
      quoted: { destination, protocol: 'icmp', id: 0xbeef, seq: 7, payload },
    });
  });

  test('is read when a router quotes no more than it must', () => {
    const short = inIpv4(1, errorAbout(11, 0, inIpv4(1, request4.subarray(0, 8))));
    expect(readIcmp(4, short)).toMatchObject({ quoted: { id: 0xbeef, seq: 7, payload: Buffer.alloc(0) } });
  });

  test('is read as an error about a UDP packet', () => {
    const udp = Buffer.from([0x9c, 0x40, 0x22, 0x35, 0, 48, 0, 0]);
    const quoted = { protocol: 'udp', sourcePort: 40_000, destinationPort: 8757, bytes: 40 };
    expect(readIcmp(4, inIpv4(1, errorAbout(3, 3, inIpv4(17, udp))))).toEqual({
      kind: 'unreachable',
      code: 3,
      quoted: { destination: '192.0.2.9', ...quoted },
    });
    expect(readIcmp(6, errorAbout(1, 4, inIpv6(17, udp)))).toMatchObject({ code: 4, quoted });
  });

  test('is passed over when it is cut short or somebody else’s', () => {
    expect(readIcmp(4, inIpv4(1, request4))).toBeUndefined();
    expect(readIcmp(4, inIpv4(1, errorAbout(11, 0, inIpv4(6, request4))))).toBeUndefined();
    expect(readIcmp(6, errorAbout(2, 0, inIpv6(58, request6)))).toBeUndefined();
    const whole = inIpv4(1, errorAbout(11, 0, inIpv4(1, request4)));
    for (let bytes = 0; bytes < 56; bytes++) expect(readIcmp(4, whole.subarray(0, bytes))).toBeUndefined();
    const whole6 = errorAbout(3, 0, inIpv6(58, request6));
    for (let bytes = 0; bytes < 56; bytes++) expect(readIcmp(6, whole6.subarray(0, bytes))).toBeUndefined();
  });
});

test('an address has one text', () => {
  expect(canonicalAddress('2001:DB8:0:0::0009')).toBe('2001:db8::9');
  expect(canonicalAddress('fe80::1%eth0')).toBe('fe80::1');
  expect(canonicalAddress('192.0.2.9')).toBe('192.0.2.9');
});

test('an unreachable says why', () => {
  expect(unreachableText(4, 13)).toBe('forbidden by a filter');
  expect(unreachableText(6, 1)).toBe('forbidden by a filter');
  expect(unreachableText(4, 99)).toBe('unreachable, code 99');
});
