import { monotonicMs } from '../clock.ts';
import { types, type Family } from './icmp-packet.ts';
import { failureOf, type Failure } from './outcome.ts';
import { loadRawSocket, type RawSocket, type RawSocketModule } from './raw-socket.ts';

/** When a packet went out (monotonic milliseconds, read before the system call), or why it did not. */
export type Sending = { sentMs: number } | { failure: Failure };

/** A raw ICMP socket: packets out with a hop limit each, packets in as the kernel gives them. */
export interface RawIcmp {
  /** Sends at once: hop limit, clock and system call stand next to each other. */
  send(packet: Buffer, address: string, ttl: number): Sending;
  /** False once closed, by us or by the kernel. */
  isOpen(): boolean;
  close(): void;
}

/** Room for what routers quote; what is longer was never ours. */
const receiveBytes = 2048;
const protocols = { 4: 1, 6: 58 } as const;
const addressFamilies = { 4: 1, 6: 2 } as const;

/** @param onPacket called right after the system call; the packet is overwritten by the next one */
export function openRawIcmp(
  family: Family,
  onPacket: (packet: Buffer, source: string) => void,
): RawIcmp | { off: string } {
  const module = loadRawSocket();
  if ('off' in module) return module;
  let raw: RawSocket;
  try {
    raw = module.createSocket({
      protocol: protocols[family],
      addressFamily: addressFamilies[family],
      bufferSize: receiveBytes,
    });
    raw.setOption(...filterOf(family));
  } catch (error) {
    return { off: reasonOf(error as Error, family) };
  }
  let open = true;
  raw.on('error', () => (open = false));
  raw.on('message', onPacket);
  return {
    send: senderOf(module, raw, family),
    isOpen: () => open,
    close() {
      if (open) raw.close();
      open = false;
    },
  };
}

function senderOf(module: RawSocketModule, raw: RawSocket, family: Family): RawIcmp['send'] {
  const { SocketLevel, SocketOption } = module;
  let currentTtl: number | undefined;
  const setTtl = (ttl: number) => {
    if (ttl === currentTtl) return;
    if (family === 4) raw.setOption(SocketLevel.IPPROTO_IP, SocketOption.IP_TTL, ttl);
    else raw.setOption(SocketLevel.IPPROTO_IPV6, SocketOption.IPV6_UNICAST_HOPS, ttl);
    currentTtl = ttl;
  };
  return (packet, address, ttl) => {
    try {
      setTtl(ttl);
      const sentMs = monotonicMs();
      raw.wrap.send(packet, 0, packet.length, address, () => undefined);
      return { sentMs };
    } catch (error) {
      return { failure: failureOf(withCode(error as Error)) };
    }
  };
}

/** The module's errors carry only the kernel's words. */
const codeByWords: Readonly<Record<string, string>> = {
  'Network is unreachable': 'ENETUNREACH',
  'No route to host': 'EHOSTUNREACH',
  'Host is down': 'EHOSTDOWN',
  'Network is down': 'ENETDOWN',
};

function withCode(error: Error): NodeJS.ErrnoException {
  const code = codeByWords[error.message];
  return code === undefined ? error : Object.assign(new Error(error.message), { code });
}

function reasonOf({ message }: Error, family: Family): string {
  if (message === 'Operation not permitted') {
    return 'this process may not open raw sockets: it needs the capability CAP_NET_RAW';
  }
  if (message === 'Address family not supported by protocol') return `this machine has no IPv${family}`;
  return `no raw ICMP socket: ${message}`.slice(0, 300);
}

/** A socket option under which the kernel wakes this process for answers and errors only, not for others' requests. */
function filterOf(family: Family): [level: number, option: number, value: Buffer, length: number] {
  const wanted = [types[family].reply, types[family].unreachable, types[family].timeExceeded];
  const blocked = Buffer.alloc(family === 4 ? 4 : 32, 0xff);
  for (const type of wanted) {
    // Words of the machine's byte order: this one's and every other's that Node runs on is little-endian.
    const at = (type >>> 5) * 4;
    blocked.writeUInt32LE((blocked.readUInt32LE(at) & ~(1 << (type & 31))) >>> 0, at);
  }
  // ICMP_FILTER of SOL_RAW (linux/icmp.h), ICMPV6_FILTER of SOL_ICMPV6 (linux/icmpv6.h).
  return family === 4 ? [255, 1, blocked, 4] : [58, 1, blocked, 32];
}
