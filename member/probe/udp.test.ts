import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { UdpResult } from '@netring/contract/result';
import { afterEach, expect, test } from 'vitest';
import { monotonicMs } from '../clock.ts';
import type { Measured } from './confirm.ts';
import { createIcmpSockets } from './icmp-socket.ts';
import type { Orders } from './messages.ts';
import { createPacketBudget } from './packet-budget.ts';
import { watchStalls } from './stalls.ts';
import { createUdp, type Udp } from './udp.ts';
import { openUdpEcho } from './udp-echo.ts';
import { messageBytes, nameHash, udpKeys, writeAnswer, writeQuestion } from './udp-message.ts';
import { createSigner } from './udp-signature.ts';

const options = { tcp: { timeoutMs: 500 }, http: { timeoutMs: 500 }, icmp: { timeoutMs: 500 } };
const ends: (() => unknown)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A port on which nothing listens over UDP, and which the kernel gives to nobody who asks for any. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(20_000 * Math.random());
    const socket = createSocket('udp4').bind(port, '127.0.0.1');
    const isFree = await once(socket, 'listening').then(
      () => true,
      () => false,
    );
    socket.close();
    if (isFree) return port;
  }
}

interface End {
  udp: Udp;
  found: UdpResult[];
  follow(orders: Partial<Orders>): Promise<void>;
}

function member(instanceId: string, port: number, tokens: string[]): End {
  const found: UdpResult[] = [];
  const budget = createPacketBudget(monotonicMs);
  const icmp = createIcmpSockets(budget);
  const onMeasured = ({ result }: Measured) => {
    if (result.kind === 'udp') found.push(result);
  };
  const udp = createUdp({
    watch: watchStalls(monotonicMs),
    budget,
    icmp,
    disturbedSince: () => false,
    onMeasured,
  });
  const whole: Orders = {
    type: 'orders',
    targets: [],
    intervalMs: 1000,
    options,
    udp: { instanceId, host: '127.0.0.1', port, keys: udpKeys(tokens) },
  };
  ends.push(() => icmp.close());
  const { udp: _, ...silent } = whole;
  ends.push(() => void udp.follow(silent));
  return { udp, found, follow: (orders) => udp.follow({ ...whole, ...orders }) };
}

const target = (instanceId: string, port: number) => ({
  key: `udp ${instanceId}`,
  kind: 'udp' as const,
  host: '127.0.0.1',
  port,
  closing: 'reset' as const,
  instanceId,
});

async function until(what: () => boolean, limitMs = 60_000): Promise<void> {
  const endMs = monotonicMs() + limitMs;
  while (!what() && monotonicMs() < endMs) await wait(20);
  expect(what()).toBe(true);
}

test('members of one ring answer each other, also while the token is changed', async () => {
  const [portA, portB] = [await freePort(), await freePort()];
  const a = member('a', portA, ['the new token', 'the old token']);
  const b = member('b', portB, ['the old token']);
  await b.follow({});
  await a.follow({ targets: [target('b', portB)] });
  expect([a.udp.answers(), b.udp.answers()]).toEqual([['udp'], ['udp']]);
  // A busy machine may lose one on the way, or be slow: some seconds are undisturbed.
  const calm = () =>
    a.found.find(
      ({ sent, received, median_ms }) => received > 1 && sent === received && (median_ms ?? Infinity) < 50,
    );
  await until(() => calm() !== undefined);
  expect(calm()).toMatchObject({ outcome: 'ok', forward_lost: 0, return_lost: 0, duplicates: 0 });
});

test('nobody answers under another name, and that nobody answers is told within seconds', async () => {
  const [portA, portB] = [await freePort(), await freePort()];
  const a = member('a', portA, []);
  const b = member('b', portB, []);
  await b.follow({});
  await a.follow({ targets: [target('somebody else', portB)] });
  const told = () => a.found.find(({ outcome }) => outcome !== 'void');
  await until(() => told() !== undefined);
  expect(told()).toMatchObject({ outcome: 'timeout', confirmed: true, received: 0 });
  expect(told()?.sent).toBeGreaterThanOrEqual(4);
});

test('a port that is taken is told, and nothing is claimed to be answered', async () => {
  const port = await freePort();
  const first = member('a', port, []);
  await first.follow({});
  const second = member('b', port, []);
  await second.follow({});
  expect(second.udp.answers()).toEqual([]);
  expect(second.udp.off()).toMatchObject([
    { kind: 'udp', reason: expect.stringContaining('EADDRINUSE') as string },
  ]);
});

test('each question is answered once, no answer ever, and nothing is longer than what was asked', async () => {
  const port = await freePort();
  const [keyText = ''] = udpKeys(['token']);
  const signer = createSigner(Buffer.from(keyText, 'hex'), 'b');
  const another = createSigner(Buffer.from(keyText, 'hex'), 'c');
  const echo = await openUdpEcho({ instanceId: 'b', host: '127.0.0.1', port, keys: [keyText] }, () => 0);
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  ends.push(
    () => echo.close(),
    () => socket.close(),
  );
  const got: Buffer[] = [];
  socket.on('message', (message) => got.push(message));
  const boot = '12345678';
  const question = (seq: number) => writeQuestion({ boot, flow: 1, seq, asker: nameHash('a') }, signer);
  const answer = {
    boot,
    flow: 1,
    seq: 7,
    heldUs: 0,
    received: 1,
    epoch: 1,
    lateMs: 0,
    reordered: 0,
    duplicates: 0,
  };
  const forged = Buffer.from(question(8));
  forged.writeUInt8(forged.readUInt8(47) ^ 1, 47);
  const refused = [
    writeAnswer(answer, signer),
    forged,
    writeQuestion({ boot, flow: 1, seq: 9, asker: 0 }, another),
    Buffer.concat([question(10), Buffer.alloc(1)]),
    Buffer.alloc(0),
    Buffer.alloc(messageBytes),
  ];
  for (const message of [question(0), question(0), ...refused, question(1)])
    socket.send(message, port, '127.0.0.1');
  await until(() => got.length >= 2);
  expect(got.map((message) => message.readUInt32BE(16))).toEqual([0, 1]);
  // The question that came twice was counted.
  expect(got.map((message) => message.readUInt32BE(20))).toEqual([1, 2]);
  expect(got.map((message) => message.readUInt16BE(30))).toEqual([0, 1]);
  expect(got.every((message) => message.length === messageBytes)).toBe(true);
  expect(echo.heardMs(nameHash('a'))).toBeDefined();
});
