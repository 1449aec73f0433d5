import { describe, expect, it } from 'vitest';
import { createAnswerReader, type Reading } from './http-answer.ts';

/** Reads an answer in pieces of `size` bytes, as they may come off the wire, and then its end. */
function read(text: string, size: number): Reading {
  const reader = createAnswerReader();
  for (let at = 0; at < text.length; at += size) {
    const reading = reader.push(Buffer.from(text.slice(at, at + size), 'latin1'));
    if (reading.kind !== 'more') return reading;
  }
  return reader.end();
}

describe('an HTTP answer', () => {
  it.each<[string, string, Reading]>([
    ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}', { kind: 'done', status: 200 }],
    ['without a body', 'HTTP/1.1 204 No Content\r\n\r\n', { kind: 'done', status: 204 }],
    ['without a reason phrase', 'HTTP/1.1 503\r\ncontent-length:0\r\n\r\n', { kind: 'done', status: 503 }],
    ['until the connection closes', 'HTTP/1.0 200 OK\r\n\r\nhello', { kind: 'done', status: 200 }],
    [
      'in chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n',
      { kind: 'done', status: 200 },
    ],
    [
      'after an interim one',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n',
      { kind: 'done', status: 404 },
    ],
    ['of another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', { kind: 'broken', reason: 'the answer is not HTTP' }],
    [
      'with a status out of range',
      'HTTP/1.1 999 Odd\r\n\r\n',
      { kind: 'broken', reason: 'the answer is not HTTP' },
    ],
    ['that is nothing', '', { kind: 'broken', reason: 'the connection was closed before an answer' }],
    [
      'that ends before its length',
      'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc',
      { kind: 'broken', reason: 'the connection was closed within the answer' },
    ],
    [
      'that ends before its last chunk',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
      { kind: 'broken', reason: 'the connection was closed within the answer' },
    ],
    [
      'that ends in its headers',
      'HTTP/1.1 200 OK\r\nServ',
      { kind: 'broken', reason: 'the connection was closed before an answer' },
    ],
  ])('%s', (_, text, expected) => {
    for (const size of [1, 7, 100_000]) expect(read(text, size)).toEqual(expected);
  });

  it('has come when its body is longer than anybody needs', () => {
    const reader = createAnswerReader();
    reader.push(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n'));
    expect(reader.push(Buffer.alloc(70_000))).toEqual({ kind: 'enough', status: 200 });
  });

  it('tells its status as soon as its headers are here', () => {
    const reader = createAnswerReader();
    reader.push(Buffer.from('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 No\r\n'));
    expect(reader.status()).toBeUndefined();
    reader.push(Buffer.from('Content-Length: 1000\r\n\r\n'));
    expect(reader.status()).toBe(503);
    expect(reader.end().kind).toBe('broken');
    expect(reader.status()).toBe(503);
  });

  it('is broken when its headers do not end', () => {
    const reader = createAnswerReader();
    expect(reader.push(Buffer.from(`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(17_000)}`)).kind).toBe('broken');
  });
});
