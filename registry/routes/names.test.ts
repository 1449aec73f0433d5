import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { createNames } from './names.ts';

let server: Socket;
afterEach(() => new Promise<void>((closed) => server.close(() => closed())));

/** A name service that calls 192.0.2.1 and 192.0.2.2 so, and does not know the others; what it was asked. */
async function nameService() {
  const asked: string[] = [];
  server = createSocket('udp4', (question, { port, address }) => {
    const [labels, end] = labelsOf(question);
    asked.push(labels.join('.'));
    const name = { 1: 'edge.us1.example', 2: '<b>evil' }[Number(labels[0])];
    server.send(answerTo(question, end + 4, name), port, address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  return { asked, at: `127.0.0.1:${server.address().port}` };
}

function labelsOf(question: Buffer): [string[], number] {
  const labels: string[] = [];
  let at = 12;
  for (; question[at] !== 0; at += 1 + (question[at] as number))
    labels.push(question.toString('latin1', at + 1, at + 1 + (question[at] as number)));
  return [labels, at + 1];
}

function answerTo(question: Buffer, end: number, name: string | undefined): Buffer {
  const head = Buffer.from(question.subarray(0, end));
  head.writeUInt16BE(name === undefined ? 0x8183 : 0x8180, 2);
  head.writeUInt16BE(name === undefined ? 0 : 1, 6);
  head.writeUInt32BE(0, 8);
  if (name === undefined) return head;
  const labels = name.split('.').map((one) => Buffer.concat([Buffer.from([one.length]), Buffer.from(one)]));
  const data = Buffer.concat([...labels, Buffer.from([0])]);
  const record = Buffer.from([0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 60, 0, data.length]);
  return Buffer.concat([head, record, data]);
}

test('routers on known routes are called by their names, each asked for once', async () => {
  const { asked, at } = await nameService();
  const names = createNames((address) => address.startsWith('192.0.2.'), [at]);
  const wanted = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '127.0.0.1'];
  const found = await names.of(wanted);
  expect(Object.fromEntries(found)).toEqual({ '192.0.2.1': 'edge.us1.example', '192.0.2.2': '<b>evil' });
  expect(await names.of(wanted)).toEqual(found);
  expect(asked.map((one) => one.split('.')[0]).sort()).toEqual(['1', '2', '3']);
});
