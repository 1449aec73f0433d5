import { JsonFields, jsonKinds, unescaped } from './json-fields.ts';

/** Reads values of a line by the number of their key. What is absent or of another kind is `undefined`. */
export interface JsonLine<Key extends string> {
  /** False when the line is no JSON object. */
  read(bytes: Buffer, start: number, end: number): boolean;
  /** A number, or a text that is one. `NaN` for a text that is none, `undefined` for nothing, `-` and `null`. */
  amount(key: Key): number | undefined;
  /** A text, or a number as a text, handed to a reader by its bytes; `undefined` when there is none. */
  text<T>(key: Key, make: (bytes: Buffer, start: number, end: number) => T): T | undefined;
  /** A text as a string; for what is rare. */
  string(key: Key): string | undefined;
  isThere(key: Key): boolean;
  /** Where an object stands. */
  nested(key: Key): readonly [start: number, end: number] | undefined;
}

export function jsonLine<Key extends string>(keys: readonly Key[]): JsonLine<Key> {
  const fields = new JsonFields(keys);
  const { kinds, starts, ends } = fields;
  const numbers = Object.fromEntries(keys.map((key, at) => [key, at])) as Record<Key, number>;
  let line: Buffer = Buffer.alloc(0);
  return {
    read(bytes, start, end) {
      line = bytes;
      return fields.read(bytes, start, end);
    },
    amount(key) {
      const at = numbers[key];
      const kind = kinds[at];
      if (kind !== jsonKinds.number && kind !== jsonKinds.text) return undefined;
      return amountIn(line, starts[at]!, ends[at]!);
    },
    text(key, make) {
      const at = numbers[key];
      const kind = kinds[at];
      if (kind === jsonKinds.text || kind === jsonKinds.number) return make(line, starts[at]!, ends[at]!);
      if (kind !== jsonKinds.escaped) return undefined;
      const text = unescaped(line, starts[at]!, ends[at]!);
      if (text === undefined) return undefined;
      const bytes = Buffer.from(text);
      return make(bytes, 0, bytes.length);
    },
    string(key) {
      return this.text(key, (bytes, start, end) => bytes.toString('utf8', start, end));
    },
    isThere: (key) => {
      const kind = kinds[numbers[key]];
      return kind !== jsonKinds.absent && kind !== jsonKinds.literal;
    },
    nested(key) {
      const at = numbers[key];
      return kinds[at] === jsonKinds.nested ? [starts[at]!, ends[at]!] : undefined;
    },
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
