import type { ByteReader } from './access-record.ts';
import { JsonFields, jsonKinds, unescaped } from './json-fields.ts';

/**
 * Reads values of a line by the numbers of their keys, see {@link keyNumbers}. What is absent or of another kind is
 * `undefined`.
 */
export interface JsonLine {
  /** False when the line is no JSON object. */
  read(bytes: Buffer, start: number, end: number): boolean;
  /** A number, or a text that is one. `NaN` for a text that is none, `undefined` for nothing, `-` and `null`. */
  amount(key: number): number | undefined;
  /** A text, or a number as a text, handed to a reader by its bytes; `undefined` when there is none. */
  text<T>(key: number, make: ByteReader<T>): T | undefined;
  /** A text as a string; for what is rare. */
  string(key: number): string | undefined;
  isThere(key: number): boolean;
  /** Where an object stands. */
  nested(key: number): readonly [start: number, end: number] | undefined;
}

/** The number of each key, which is its place in the list. */
export function keyNumbers<Key extends string>(keys: readonly Key[]): Readonly<Record<Key, number>> {
  return Object.fromEntries(keys.map((key, at) => [key, at])) as Record<Key, number>;
}

export function jsonLine(keys: readonly string[]): JsonLine {
  const fields = new JsonFields(keys);
  const { kinds, starts, ends, wholes } = fields;
  let line: Buffer = Buffer.alloc(0);
  const text = <T>(key: number, make: ByteReader<T>): T | undefined => {
    const kind = kinds[key];
    if (kind === jsonKinds.text || kind === jsonKinds.number) return make(line, starts[key]!, ends[key]!);
    if (kind !== jsonKinds.escaped) return undefined;
    const plain = unescaped(line, starts[key]!, ends[key]!);
    if (plain === undefined) return undefined;
    const bytes = Buffer.from(plain);
    return make(bytes, 0, bytes.length);
  };
  return {
    read(bytes, start, end) {
      line = bytes;
      return fields.read(bytes, start, end);
    },
    amount(key) {
      const kind = kinds[key];
      if (kind === jsonKinds.number) {
        const value = wholes[key]!;
        return value === value ? value : amountIn(line, starts[key]!, ends[key]!);
      }
      return kind === jsonKinds.text ? amountIn(line, starts[key]!, ends[key]!) : undefined;
    },
    text,
    string: (key) => text(key, (bytes, start, end) => bytes.toString('utf8', start, end)),
    isThere: (key) => kinds[key] !== jsonKinds.absent && kinds[key] !== jsonKinds.literal,
    nested: (key) => (kinds[key] === jsonKinds.nested ? [starts[key]!, ends[key]!] : undefined),
  };
}

/** A number at least 0; `undefined` for nothing and `-`, `NaN` for anything else. */
export function amountIn(bytes: Buffer, start: number, end: number): number | undefined {
  if (end <= start) return undefined;
  if (end - start < 15) {
    let value = 0;
    let at = start;
    for (; at < end; at++) {
      const digit = bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === end) return value;
    if (end - start === 1 && bytes[start] === 0x2d) return undefined;
  }
  if (end - start > 40) return NaN;
  const text = bytes.toString('latin1', start, end);
  const value = text.trim() === '' ? NaN : Number(text);
  return value >= 0 && value < 1e21 ? value : NaN;
}
