import { randomInt } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { lookup as dnsLookup } from 'node:dns';
import { isIP, isIPv6 } from 'node:net';
import { monotonicMs } from '../clock.ts';
import { createRateLimit } from '@netring/service/rate-limit';
import type { UdpOrders } from './messages.ts';
import { createInbox } from './udp-inbox.ts';
import { readQuestion, writeAnswer } from './udp-message.ts';
import { createQuestionBook } from './udp-replay.ts';
import { createSigner } from './udp-signature.ts';

/**
 * Questions looked at: each costs two signatures, 20 µs. 100 probers on lossy paths send 4,000 a second. One address may
 * send as many as ten such probers behind it do.
 */
const mostPerS = 8000;
const mostPerAddressPerS = 1000;
const maxAddresses = 4096;
/** How long an answer's own signing takes cannot be told in it; at least as long as the fastest of so many before. */
const signingSamples = 16;

/** The far end of other members' UDP probes. */
export interface UdpEcho {
  /** When the member whose name has this hash was last heard asking, monotonic milliseconds. */
  heardMs(nameHash: number): number | undefined;
  close(): void;
}

/**
 * Answers questions that a holder of the join token asks of this member, each once, and nothing else; an answer is never
 * answered. Rejects when it cannot listen.
 *
 * @param lateMs how much later than due this process did things lately
 */
export async function openUdpEcho(orders: UdpOrders, lateMs: () => number): Promise<UdpEcho> {
  const signers = orders.keys.map((key) => createSigner(Buffer.from(key, 'hex'), orders.instanceId));
  const signing = createLeastOf(signingSamples);
  const book = createQuestionBook(() => randomInt(0x10000));
  const heard = new Map<number, number>();
  const perAddress = createRateLimit(mostPerAddressPerS, mostPerAddressPerS);
  const overall = createRateLimit(mostPerS, mostPerS);
  const socket = await bound(isIPv6(orders.host) ? 6 : 4, orders.port, orders.host);
  const answer = ({ message, from, readMs }: Received) => {
    if (!perAddress.take(from.address, readMs) || !overall.take('all', readMs)) return;
    const read = readQuestion(message, signers);
    if (read === undefined) return;
    const { question, signer } = read;
    if (heard.size < maxAddresses || heard.has(question.asker)) heard.set(question.asker, readMs);
    const seen = book.take(question.boot, question.flow, question.seq, readMs);
    if (seen === undefined) return;
    const late = lateMs();
    const signedFromMs = monotonicMs();
    const heldUs = 1000 * (signedFromMs - readMs + signing.least());
    const signed = writeAnswer({ ...question, ...seen, heldUs, lateMs: late }, signer);
    signing.add(monotonicMs() - signedFromMs);
    socket.send(signed, from.port, from.address, ignoreErrors);
  };
  const take = createInbox(answer);
  socket.on('message', (message, from) => take({ message, from, readMs: monotonicMs() }));
  return { heardMs: (nameHash) => heard.get(nameHash), close: () => socket.close() };
}

interface Received {
  message: Buffer;
  from: RemoteInfo;
  readMs: number;
}

/** The least of the last `count` figures; 0 without any. */
function createLeastOf(count: number): { add(figure: number): void; least(): number } {
  const figures: number[] = [];
  return {
    add(figure) {
      figures.push(figure);
      if (figures.length > count) figures.shift();
    },
    least: () => (figures.length === 0 ? 0 : Math.min(...figures)),
  };
}

/** What could not be sent is lost for the one who asked. */
const ignoreErrors = () => undefined;

type Found = (error: NodeJS.ErrnoException | null, address: string, family: number) => void;

/** A UDP socket that sends to addresses at once, without a turn of the event loop for names. */
export function bound(family: 4 | 6, port: number, host?: string): Promise<Socket> {
  const lookup: typeof dnsLookup = ((host: string, options: { family: 4 | 6 }, found: Found) => {
    if (isIP(host) === 0) dnsLookup(host, options, found);
    else found(null, host, family);
  }) as never;
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: family === 6 ? 'udp6' : 'udp4', lookup });
    socket.once('error', reject);
    socket.bind({ port, ...(host !== undefined && { address: host }), exclusive: true }, () => {
      socket.off('error', reject);
      socket.on('error', ignoreErrors);
      resolve(socket);
    });
  });
}
