import { plainAddress } from './address.ts';
import { noInfo, socketState, type RowSink, type SocketRow } from './socket-row.ts';

/** Longer lines are no sockets. */
const longestLine = 65_536;

const states: Readonly<Record<string, number>> = {
  ESTAB: socketState.established,
  'TIME-WAIT': socketState.timeWait,
  UNCONN: socketState.unconnected,
  LISTEN: socketState.listen,
};

/** Reads what `ss -tinHOe` prints, a line a socket, as it comes. */
export interface TextParser {
  push(chunk: Buffer): void;
  end(): void;
  objection(): string | undefined;
  /** Lines that were no sockets. */
  bad(): number;
}

/** @param withoutState the state of all, where `ss` was asked for one only and does not print it */
export function createTextParser(sink: RowSink, withoutState?: number): TextParser {
  let rest = '';
  let bad = 0;
  let good = 0;
  const take = (line: string): void => {
    if (line.length === 0) return;
    const row = rowOf(line, withoutState);
    if (row === undefined) bad++;
    else {
      good++;
      sink(row);
    }
  };
  return {
    push(chunk) {
      const text = rest + chunk.toString('latin1');
      let at = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
        take(text.slice(at, end));
        at = end + 1;
      }
      rest = text.slice(at);
      if (rest.length <= longestLine) return;
      rest = '';
      bad++;
    },
    end() {
      take(rest);
      rest = '';
    },
    objection: () => (good === 0 && bad > 0 ? 'no line of it is a socket' : undefined),
    bad: () => bad,
  };
}

type Numbers = {
  -readonly [K in keyof typeof noInfo]: (typeof noInfo)[K] extends number ? number : unknown;
} & {
  cgroup: string;
  hasInfo: boolean;
  inode: number;
  cookie: number;
};

function rowOf(line: string, withoutState: number | undefined): SocketRow | undefined {
  const words = wordsOf(line);
  const from = withoutState === undefined ? 1 : 0;
  const state = withoutState ?? states[words[0] ?? ''];
  const sendQueue = Number(words[from + 1]);
  const local = endOf(words[from + 2] ?? '');
  const remote = endOf(words[from + 3] ?? '');
  if (state === undefined || local === undefined || remote === undefined || !(sendQueue >= 0))
    return undefined;
  const numbers: Numbers = { ...noInfo, inode: 0, cookie: 0, cgroup: '', hasInfo: false };
  for (let at = from + 4; at < words.length; at++) readWord(words[at] as string, numbers);
  return {
    ...numbers,
    state,
    localPort: local.port,
    remotePort: remote.port,
    isV6Only: local.address === '::',
    sendQueue,
    localAddress: () => local.address,
    remoteAddress: () => remote.address,
  };
}

function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (let at = 0; at < line.length;) {
    if (line.charCodeAt(at) <= 32) {
      at++;
      continue;
    }
    let end = line.indexOf(' ', at);
    if (end < 0) end = line.length;
    words.push(line.slice(at, end));
    at = end + 1;
  }
  return words;
}

/** `10.0.0.1:80`, `[::1]:80`, `*:80`, `0.0.0.0:*`. */
function endOf(text: string): { address: string; port: number } | undefined {
  const colon = text.lastIndexOf(':');
  if (colon <= 0) return undefined;
  const name = text.slice(colon + 1);
  const port = name === '*' ? 0 : Number(name);
  return Number.isInteger(port) && port >= 0 && port <= 65_535 && name !== ''
    ? { address: plainAddress(text.slice(0, colon)), port }
    : undefined;
}

/** `ino:123`, `rtt:0.5/0.2`, `busy:72ms`, `retrans:0/3` … What is not known is passed over. */
function readWord(word: string, into: Numbers): void {
  const colon = word.indexOf(':');
  if (colon < 0) return;
  const value = word.slice(colon + 1);
  switch (word.slice(0, colon)) {
    case 'ino':
      into.inode = numberOf(value);
      break;
    case 'sk':
      into.cookie = parseInt(value, 16) || 0;
      break;
    case 'cgroup':
      into.cgroup = value;
      break;
    case 'rtt':
      into.hasInfo = true;
      into.rttUs = Math.round(numberOf(value) * 1000);
      break;
    case 'minrtt':
      into.minRttUs = Math.round(numberOf(value) * 1000);
      break;
    case 'retrans':
      into.retransmits = numberOf(value.slice(value.indexOf('/') + 1));
      break;
    case 'bytes_sent':
      into.hasInfo = true;
      into.bytesSent = numberOf(value);
      break;
    case 'bytes_acked':
      into.bytesAcked = numberOf(value);
      break;
    case 'bytes_received':
      into.hasInfo = true;
      into.bytesReceived = numberOf(value);
      break;
    case 'bytes_retrans':
      into.bytesRetransmitted = numberOf(value);
      break;
    case 'busy':
      into.busyUs = 1000 * numberOf(value);
      break;
    case 'rwnd_limited':
      into.rwndLimitedUs = 1000 * numberOf(value);
      break;
    case 'sndbuf_limited':
      into.sndbufLimitedUs = 1000 * numberOf(value);
      break;
  }
}

/** The number that a text begins with; 0 when it begins with none. */
function numberOf(text: string): number {
  const value = parseFloat(text);
  return value >= 0 ? value : 0;
}
