import { hkdfSync } from 'node:crypto';
import { signatureBytes, signedBytes, type Signer } from './udp-signature.ts';

/**
 * What members ask and answer each other over UDP: 48 bytes both ways, so that nobody gains by sending questions in
 * another's name. All numbers are big-endian.
 *
 * | at | bytes | question                                  | answer                                               |
 * | -- | ----- | ----------------------------------------- | ---------------------------------------------------- |
 * | 0  | 4     | `N`, `R`, version, type 1                 | type 2                                               |
 * | 4  | 8     | boot: chosen anew by the prober, per target, at each start | the same                              |
 * | 12 | 2     | flow: number of the source port           | the same                                             |
 * | 14 | 2     | 0                                         | µs between reading the question and answering it     |
 * | 16 | 4     | sequence, counts up in each flow          | the same                                             |
 * | 20 | 4     | hash of the asker's name                  | questions of this flow that have arrived             |
 * | 24 | 2     | 0                                         | chosen anew when that counting began                 |
 * | 26 | 2     | 0                                         | how much later than due the far end did things lately, ms |
 * | 28 | 2     | 0                                         | questions of this flow that overtook each other      |
 * | 30 | 2     | 0                                         | questions of this flow that came twice               |
 * | 32 | 16    | HMAC-SHA-256 (RFC 2104), cut to 128 bits, over all before it and the name of the one asked | likewise |
 */
export const messageBytes = signedBytes + signatureBytes;
const magic = Buffer.from([0x4e, 0x52, 1]);
const types = { question: 1, answer: 2 } as const;

export interface Question {
  /** Eight bytes as latin1 text. */
  boot: string;
  flow: number;
  seq: number;
  /** `nameHash` of the asker. */
  asker: number;
}

export interface Answer extends Omit<Question, 'asker'> {
  heldUs: number;
  received: number;
  epoch: number;
  lateMs: number;
  reordered: number;
  duplicates: number;
}

/** A key of the ring's UDP echoes for each join token (HKDF, RFC 5869), in hex; without any token everybody's. */
export function udpKeys(tokens: readonly string[]): string[] {
  return (tokens.length === 0 ? ['no token'] : tokens).map((token) =>
    Buffer.from(hkdfSync('sha256', token, 'netring', 'udp echo 1', 32)).toString('hex'),
  );
}

/** A member's name in 32 bits: tells who asks, proves nothing (the signature does). */
export function nameHash(instanceId: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < instanceId.length; i++) hash = Math.imul(hash ^ instanceId.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** @param signer of the member that is to answer */
export function writeQuestion(question: Question, signer: Signer): Buffer {
  const message = start('question', question);
  message.writeUInt32BE(question.asker, 20);
  return signer.sign(message);
}

export function writeAnswer(answer: Answer, signer: Signer): Buffer {
  const message = start('answer', answer);
  message.writeUInt16BE(Math.min(0xffff, Math.max(0, Math.round(answer.heldUs))), 14);
  message.writeUInt32BE(answer.received >>> 0, 20);
  message.writeUInt16BE(answer.epoch, 24);
  message.writeUInt16BE(Math.min(0xffff, Math.round(answer.lateMs)), 26);
  message.writeUInt16BE(answer.reordered & 0xffff, 28);
  message.writeUInt16BE(answer.duplicates & 0xffff, 30);
  return signer.sign(message);
}

/** A question that one of these has signed, and which; `undefined` for anything else, an answer for one. */
export function readQuestion(
  message: Buffer,
  signers: readonly Signer[],
): { question: Question; signer: Signer } | undefined {
  if (!isOfType(message, types.question)) return undefined;
  const signer = signers.find((one) => one.isSigned(message));
  if (signer === undefined) return undefined;
  const question = {
    boot: bootOf(message),
    flow: message.readUInt16BE(12),
    seq: message.readUInt32BE(16),
    asker: message.readUInt32BE(20),
  };
  return { question, signer };
}

/** The boot of what looks like an answer, to find whose it may be before it is read. */
export function bootOfAnswer(message: Buffer): string | undefined {
  return isOfType(message, types.answer) ? bootOf(message) : undefined;
}

/** An answer that one of these has signed, and which; `undefined` for anything else. */
export function readAnswer(
  message: Buffer,
  signers: readonly Signer[],
): { answer: Answer; signer: Signer } | undefined {
  if (!isOfType(message, types.answer)) return undefined;
  const signer = signers.find((one) => one.isSigned(message));
  if (signer === undefined) return undefined;
  const answer = {
    boot: bootOf(message),
    flow: message.readUInt16BE(12),
    seq: message.readUInt32BE(16),
    heldUs: message.readUInt16BE(14),
    received: message.readUInt32BE(20),
    epoch: message.readUInt16BE(24),
    lateMs: message.readUInt16BE(26),
    reordered: message.readUInt16BE(28),
    duplicates: message.readUInt16BE(30),
  };
  return { answer, signer };
}

function start(
  type: keyof typeof types,
  { boot, flow, seq }: Pick<Question, 'boot' | 'flow' | 'seq'>,
): Buffer {
  const message = Buffer.alloc(messageBytes);
  magic.copy(message);
  message.writeUInt8(types[type], 3);
  message.write(boot, 4, 'latin1');
  message.writeUInt16BE(flow, 12);
  message.writeUInt32BE(seq >>> 0, 16);
  return message;
}

function bootOf(message: Buffer): string {
  return message.toString('latin1', 4, 12);
}

function isOfType(message: Buffer, type: number): boolean {
  return message.length === messageBytes && message.compare(magic, 0, 3, 0, 3) === 0 && message[3] === type;
}
