import { wordsAddress } from './address.ts';
import { noInfo, type RowSink, type SocketRow } from './socket-row.ts';

/**
 * Reads `/proc/PID/net/tcp`, `tcp6`, `udp` and `udp6` (proc(5)): addresses as words of the machine's byte order in
 * hexadecimal, and none of the statistics. Returns how many lines were no sockets, the heading left out.
 */
export function parseProcNet(text: string, sink: RowSink): number {
  let bad = 0;
  let at = 0;
  while (at < text.length) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    const row = rowOf(text.slice(at, end));
    at = end + 1;
    if (row === undefined) bad++;
    else if (row !== 'nothing') sink(row);
  }
  return bad;
}

function rowOf(line: string): SocketRow | 'nothing' | undefined {
  // sl local_address rem_address st tx_queue:rx_queue tr:when retrnsmt uid timeout inode …
  const [slot = '', local = '', remote = '', state = '', queues = '', , , , , inode = ''] = line
    .trim()
    .split(/ +/, 10);
  if (slot === '' || slot === 'sl') return 'nothing';
  const here = endOf(local);
  const there = endOf(remote);
  if (here === undefined || there === undefined || !/^[0-9A-Fa-f]{2}$/.test(state)) return undefined;
  if (!/^\d+$/.test(inode)) return undefined;
  const sendQueue = parseInt(queues, 16);
  const isWide = here.address === '::';
  return {
    ...noInfo,
    state: parseInt(state, 16),
    inode: Number(inode),
    cookie: 0,
    localPort: here.port,
    remotePort: there.port,
    // It is not told; most listeners on the IPv6 wildcard take IPv4, too.
    isV6Only: false,
    sendQueue: Number.isNaN(sendQueue) ? 0 : sendQueue,
    localAddress: () => (isWide ? '*' : here.address),
    remoteAddress: () => there.address,
  };
}

function endOf(text: string): { address: string; port: number } | undefined {
  const [, hex, port] = /^((?:[0-9A-Fa-f]{8}){1,4}):([0-9A-Fa-f]{4})$/.exec(text) ?? [];
  if (hex === undefined || port === undefined || (hex.length !== 8 && hex.length !== 32)) return undefined;
  const bytes = bytesOf(hex);
  const address =
    bytes.length === 4
      ? bytes.join('.')
      : wordsAddress(
          Array.from(
            { length: 8 },
            (_, word) => ((bytes[2 * word] as number) << 8) | (bytes[2 * word + 1] as number),
          ),
        );
  return { address, port: parseInt(port, 16) };
}

/** Each group of eight digits is one 32-bit word of a little-endian machine. */
function bytesOf(hex: string): number[] {
  const bytes: number[] = [];
  for (let word = 0; word < hex.length; word += 8)
    for (let at = 6; at >= 0; at -= 2) bytes.push(parseInt(hex.slice(word + at, word + at + 2), 16));
  return bytes;
}
