import { execFileSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const everyMs = 20;

/**
 * Round-trip times of TCP handshakes with a port on loopback as the kernel itself has measured them, in milliseconds:
 * connections are opened, kept without a word, and asked for their `rtt` (TCP_INFO, through `ss`).
 */
export async function kernelRoundTripsMs(port: number, seconds: number): Promise<number[]> {
  const sockets: Socket[] = [];
  const endsMs = Date.now() + seconds * 1000;
  while (Date.now() < endsMs) {
    sockets.push(connect({ host: '127.0.0.1', port }).on('error', () => undefined));
    await sleep(everyMs);
  }
  const mine = new Set(sockets.map((socket) => socket.localPort));
  const text = execFileSync('ss', ['-tinOH', `dport = :${port}`], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  for (const socket of sockets) socket.destroy();
  return text.split('\n').flatMap((line) => {
    const local = Number(/\s127\.0\.0\.1:(\d+)\s/.exec(line)?.[1]);
    const rtt = /\srtt:([\d.]+)\//.exec(line)?.[1];
    return mine.has(local) && rtt !== undefined ? [Number(rtt)] : [];
  });
}
