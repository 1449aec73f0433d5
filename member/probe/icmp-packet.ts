import { isIPv6, SocketAddress } from 'node:net';

export type Family = 4 | 6;

/** The start of one of our packets, as an ICMP error quotes it. */
export type Quoted = { destination: string } & (
  | { protocol: 'icmp'; id: number; seq: number; payload: Buffer }
  | { protocol: 'udp'; sourcePort: number; destinationPort: number; bytes: number }
);

/** What a received ICMP packet says, of what concerns a prober. */
export type IcmpMessage =
  | { kind: 'echo'; id: number; seq: number; payload: Buffer }
  | { kind: 'time_exceeded' | 'unreachable'; code: number; quoted: Quoted };

/** ICMP's own numbers (RFC 792, RFC 4443). */
export const types = {
  4: { request: 8, reply: 0, unreachable: 3, timeExceeded: 11 },
  6: { request: 128, reply: 129, unreachable: 1, timeExceeded: 3 },
} as const;

const icmpHeaderBytes = 8;
const protocolNumbers = { 4: { icmp: 1, udp: 17 }, 6: { icmp: 58, udp: 17 } } as const;

/**
 * One echo request. With `checksum` told, the payload's last two bytes are chosen so that the packet comes out with it:
 * routers that hash the checksum into the choice among equal-cost paths then see one flow (Augustin et al., "Avoiding
 * traceroute anomalies with Paris traceroute", IMC 2006). Over IPv6 the kernel writes a checksum that also covers the
 * addresses; equal values here come out equal there.
 */
export function echoRequest(
  family: Family,
  echo: { id: number; seq: number; payload: Uint8Array; checksum?: number },
): Buffer {
  const packet = Buffer.alloc(icmpHeaderBytes + echo.payload.length);
  packet.writeUInt8(types[family].request, 0);
  packet.writeUInt16BE(echo.id, 4);
  packet.writeUInt16BE(echo.seq, 6);
  packet.set(echo.payload, icmpHeaderBytes);
  if (echo.checksum === undefined) packet.writeUInt16BE(~sumOf(packet) & 0xffff, 2);
  else {
    const at = packet.length - 2;
    packet.writeUInt16BE(0, at);
    packet.writeUInt16BE(echo.checksum, 2);
    packet.writeUInt16BE(~sumOf(packet) & 0xffff, at);
  }
  return packet;
}

/** The one's complement sum of a packet's 16-bit words (RFC 1071), the last byte padded. */
function sumOf(packet: Buffer): number {
  let sum = 0;
  const even = packet.length & ~1;
  for (let at = 0; at < even; at += 2) sum += packet.readUInt16BE(at);
  if (even < packet.length) sum += packet.readUInt8(even) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

/**
 * Reads a packet as a raw socket delivers it: over IPv4 with its IP header, over IPv6 without. `undefined` for anything
 * that is no echo answer and no error about an echo request or UDP packet, and for what is cut short.
 */
export function readIcmp(family: Family, packet: Buffer): IcmpMessage | undefined {
  const icmp = family === 4 ? packet.subarray(ipv4HeaderBytes(packet)) : packet;
  if (icmp.length < icmpHeaderBytes) return undefined;
  const type = icmp.readUInt8(0);
  const known = types[family];
  if (type === known.reply) return { kind: 'echo', ...echoFields(icmp) };
  if (type !== known.timeExceeded && type !== known.unreachable) return undefined;
  const quoted = readQuoted(family, icmp.subarray(icmpHeaderBytes));
  if (quoted === undefined) return undefined;
  const kind = type === known.timeExceeded ? 'time_exceeded' : 'unreachable';
  return { kind, code: icmp.readUInt8(1), quoted };
}

function echoFields(icmp: Buffer): { id: number; seq: number; payload: Buffer } {
  return { id: icmp.readUInt16BE(4), seq: icmp.readUInt16BE(6), payload: icmp.subarray(icmpHeaderBytes) };
}

/** The packet inside an error; routers quote at least its IP header and eight bytes more. */
function readQuoted(family: Family, ip: Buffer): Quoted | undefined {
  const headerBytes = family === 4 ? ipv4HeaderBytes(ip) : 40;
  const inner = ip.subarray(headerBytes);
  if (inner.length < 8) return undefined;
  const protocol = ip.readUInt8(family === 4 ? 9 : 6);
  const destination = addressText(family, family === 4 ? ip.subarray(16, 20) : ip.subarray(24, 40));
  const numbers = protocolNumbers[family];
  if (protocol === numbers.icmp && inner.readUInt8(0) === types[family].request) {
    return { destination, protocol: 'icmp', ...echoFields(inner) };
  }
  if (protocol !== numbers.udp) return undefined;
  return {
    destination,
    protocol: 'udp',
    sourcePort: inner.readUInt16BE(0),
    destinationPort: inner.readUInt16BE(2),
    bytes: inner.readUInt16BE(4) - 8,
  };
}

/** The header's length with its options; beyond the packet when it is cut short. */
function ipv4HeaderBytes(packet: Buffer): number {
  return packet.length < 20 ? packet.length : (packet.readUInt8(0) & 0x0f) * 4;
}

function addressText(family: Family, bytes: Buffer): string {
  if (family === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(2 * at).toString(16));
  return canonicalAddress(groups.join(':'));
}

/** One address has one text: IPv6 as RFC 5952 writes it, without its zone. */
export function canonicalAddress(address: string): string {
  if (!isIPv6(address)) return address;
  return new SocketAddress({ address: address.replace(/%.*$/, ''), family: 'ipv6' }).address;
}

/** What an "unreachable" of this code says, to continue "a router says: …". */
export function unreachableText(family: Family, code: number): string {
  const texts: Readonly<Record<number, string>> =
    family === 4
      ? {
          0: 'no route to the network',
          1: 'no route to the host',
          2: 'protocol not there',
          3: 'port not there',
          4: 'packet too big',
          9: 'network forbidden',
          10: 'host forbidden',
          13: 'forbidden by a filter',
        }
      : {
          0: 'no route to the network',
          1: 'forbidden by a filter',
          3: 'no route to the host',
          4: 'port not there',
          5: 'source address forbidden',
          6: 'route rejected',
        };
  return texts[code] ?? `unreachable, code ${code}`;
}
