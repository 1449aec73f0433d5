import { wordsAddress } from './address.ts';
import { noInfo, type RowSink, type SocketRow } from './socket-row.ts';

/** Message types of netlink (`linux/netlink.h`, `linux/sock_diag.h`). */
const messageOfSocket = 20;
const headerLength = 16;
/** No message of a socket is near this long: beyond, it is no dump. */
const longestMessage = 65_536;
/** Where the attributes of a message begin: after its header and `struct inet_diag_msg`. */
const attributesAt = headerLength + 72;
const attribute = { info: 2, v6only: 11 } as const;
const ipv6 = 10;

/**
 * Reads what `ss -D -` writes: the kernel's own messages (`struct inet_diag_msg` with `struct tcp_info`, of a
 * little-endian machine), which cost neither `ss` nor us any text. Numbers that an older kernel does not have are 0.
 */
export interface DumpParser {
  push(chunk: Buffer): void;
  /** Says that this was all. */
  end(): void;
  /** Why this is no dump, or not a whole one; `undefined` when nothing is wrong. */
  objection(): string | undefined;
  /** Messages that were no sockets: what is no message at all is an objection. */
  bad(): number;
}

export function createDumpParser(sink: RowSink): DumpParser {
  const row = new DumpRow();
  let rest: Buffer | undefined;
  let bytes = 0;
  let wrong: string | undefined;
  return {
    push(chunk) {
      if (wrong !== undefined) return;
      bytes += chunk.length;
      const data = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      while (data.length - at >= headerLength) {
        const length = data.readUInt32LE(at);
        if (length < headerLength || length > longestMessage) {
          wrong = 'it is no dump of sockets';
          return;
        }
        if (data.length - at < length) break;
        if (data.readUInt16LE(at + 4) === messageOfSocket && length >= attributesAt) {
          row.read(data, at, at + length);
          sink(row);
        }
        at += (length + 3) & ~3;
      }
      rest = at < data.length ? data.subarray(at) : undefined;
    },
    end() {
      if (wrong !== undefined) return;
      // Even where there are no sockets, the kernel says that this was all of them.
      if (bytes === 0) wrong = 'it is empty';
      else if (rest !== undefined) wrong = 'it ends in the middle of a message';
    },
    objection: () => wrong,
    bad: () => 0,
  };
}

class DumpRow implements SocketRow {
  state = 0;
  inode = 0;
  cookie = 0;
  localPort = 0;
  remotePort = 0;
  isV6Only = false;
  sendQueue = 0;
  hasInfo: boolean = noInfo.hasInfo;
  rttUs = 0;
  minRttUs = 0;
  bytesSent = 0;
  bytesAcked = 0;
  bytesReceived = 0;
  bytesRetransmitted = 0;
  retransmits = 0;
  busyUs = 0;
  rwndLimitedUs = 0;
  sndbufLimitedUs = 0;
  readonly cgroup = '';
  #data: Buffer = Buffer.alloc(0);
  #at = 0;

  /** Takes the message that lies there. */
  read(data: Buffer, from: number, end: number): void {
    const at = from + headerLength;
    this.#data = data;
    this.#at = at;
    this.state = data[at + 1] as number;
    this.localPort = data.readUInt16BE(at + 4);
    this.remotePort = data.readUInt16BE(at + 6);
    this.cookie = data.readUInt32LE(at + 44) + data.readUInt32LE(at + 48) * 2 ** 32;
    this.sendQueue = data.readUInt32LE(at + 60);
    this.inode = data.readUInt32LE(at + 68);
    this.isV6Only = false;
    this.hasInfo = false;
    for (let next = from + attributesAt; next + 4 <= end;) {
      const length = data.readUInt16LE(next);
      if (length < 4 || next + length > end) break;
      const type = data.readUInt16LE(next + 2);
      if (type === attribute.info) this.#readInfo(data, next + 4, next + length);
      else if (type === attribute.v6only) this.isV6Only = data[next + 4] === 1;
      next += (length + 3) & ~3;
    }
  }

  /** `struct tcp_info` (`linux/tcp.h`), which only ever grew at its end. */
  #readInfo(data: Buffer, at: number, end: number): void {
    const whole = (offset: number): number => (at + offset + 4 <= end ? data.readUInt32LE(at + offset) : 0);
    const long = (offset: number): number =>
      at + offset + 8 <= end
        ? data.readUInt32LE(at + offset) + data.readUInt32LE(at + offset + 4) * 2 ** 32
        : 0;
    this.hasInfo = true;
    this.rttUs = whole(68);
    this.retransmits = whole(100);
    this.bytesAcked = long(120);
    this.bytesReceived = long(128);
    const minimum = whole(148);
    // All ones: there was none yet.
    this.minRttUs = minimum === 0xffff_ffff ? 0 : minimum;
    this.busyUs = long(168);
    this.rwndLimitedUs = long(176);
    this.sndbufLimitedUs = long(184);
    this.bytesSent = long(200);
    this.bytesRetransmitted = long(208);
  }

  localAddress(): string {
    return this.#address(8);
  }

  remoteAddress(): string {
    return this.#address(24);
  }

  #address(offset: number): string {
    const data = this.#data;
    const at = this.#at + offset;
    if (data[this.#at] !== ipv6) return `${data[at]}.${data[at + 1]}.${data[at + 2]}.${data[at + 3]}`;
    const words = Array.from({ length: 8 }, (_, word) => data.readUInt16BE(at + 2 * word));
    const text = wordsAddress(words);
    return text === '::' && !this.isV6Only ? '*' : text;
  }
}
