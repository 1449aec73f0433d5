/** What has been read of an answer: not all yet, all of it, as much as anybody needs, or what is none by HTTP. */
export type Reading =
  { kind: 'more' } | { kind: 'done' | 'enough'; status: number } | { kind: 'broken'; reason: string };

/** Reads the bytes of one answer as they come. */
export interface AnswerReader {
  push(chunk: Buffer): Reading;
  /** The far end closed: the end of an answer that has no other, and too early for one that has. */
  end(): Reading;
  /** The status, once the headers are here, whatever becomes of the rest. */
  status(): number | undefined;
}

/** Servers answer with less; more is no health answer and is not worth the traffic. */
const maxHeadBytes = 16_384;
/** So much of a body is read; then the answer counts as one that has come. */
const maxBodyBytes = 65_536;

const more: Reading = { kind: 'more' };

/**
 * Reads one HTTP/1.1 answer (RFC 9112): status line, headers, and a body up to a bound, so that the time until all of it
 * is here can be told. A reader of its own since probing is the product: a general client costs more than twice as much
 * CPU for each probe on a new connection.
 */
export function createAnswerReader(): AnswerReader {
  let head: Head | undefined;
  let text = '';

  const judge = (): Reading => {
    while (head === undefined) {
      const at = text.indexOf('\r\n\r\n');
      if (at < 0) {
        if (text.length > maxHeadBytes) return { kind: 'broken', reason: 'the headers are too long' };
        return /^(HTTP|$)/.test(text.slice(0, 4)) || text.length < 4 ? more : notHttp;
      }
      const read = readHead(text.slice(0, at));
      if (read === undefined) return notHttp;
      text = text.slice(at + 4);
      // 1xx answers announce the real one.
      if (read.status >= 200) head = read;
    }
    if (bodyIsComplete(head, text)) return { kind: 'done', status: head.status };
    return text.length < maxBodyBytes ? more : { kind: 'enough', status: head.status };
  };

  return {
    push(chunk) {
      text += chunk.toString('latin1');
      return judge();
    },
    end() {
      if (head === undefined) return { kind: 'broken', reason: 'the connection was closed before an answer' };
      if (head.body.kind === 'until-close') return { kind: 'done', status: head.status };
      return { kind: 'broken', reason: 'the connection was closed within the answer' };
    },
    status: () => head?.status,
  };
}

const notHttp: Reading = { kind: 'broken', reason: 'the answer is not HTTP' };

interface Head {
  status: number;
  /** Absent: the body ends with the connection. */
  body: { kind: 'length'; bytes: number } | { kind: 'chunked' } | { kind: 'until-close' };
}

function readHead(text: string): Head | undefined {
  const status = /^HTTP\/1\.[01] (\d{3})(?: |\r|$)/.exec(text)?.[1];
  if (status === undefined || Number(status) < 100 || Number(status) > 599) return undefined;
  return { status: Number(status), body: bodyOf(Number(status), text) };
}

function bodyOf(status: number, head: string): Head['body'] {
  if (status === 204 || status === 304) return { kind: 'length', bytes: 0 };
  if (/\r\ntransfer-encoding:[^\r]*\bchunked\b/i.test(head)) return { kind: 'chunked' };
  const length = /\r\ncontent-length:[ \t]*(\d{1,15})/i.exec(head)?.[1];
  return length === undefined ? { kind: 'until-close' } : { kind: 'length', bytes: Number(length) };
}

function bodyIsComplete({ body }: Head, text: string): boolean {
  switch (body.kind) {
    case 'length':
      return text.length >= body.bytes;
    case 'chunked':
      return chunksAreComplete(text);
    case 'until-close':
      return false;
  }
}

function chunksAreComplete(text: string): boolean {
  let at = 0;
  for (;;) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd < 0) return false;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    // A size that is no number ends the answer here: what it says does not matter to a probe.
    if (!(size > 0)) return true;
    at = lineEnd + 2 + size + 2;
    if (at > text.length) return false;
  }
}
