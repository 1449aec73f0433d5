import { indexOfByte, viewsOfBuffers } from './byte-scan.ts';
import { ByteTable } from './byte-table.ts';

/** What was asked for, as text; each text is decoded once and kept while it repeats. */
export interface RequestTexts {
  /** `undefined` for what is no method. */
  method: (bytes: Buffer, start: number, end: number) => string | undefined;
  /** Without query and host, at most 300 characters; `undefined` for nothing. */
  path: (bytes: Buffer, start: number, end: number) => string | undefined;
}

const longestPath = 300;
const method = /^[A-Za-z][A-Za-z_-]{0,31}$/;
// eslint-disable-next-line no-control-regex -- naming them is the point of the expression
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
/** What is left of a character that the cut went through. */
const halfPair = /[\ud800-\udbff]$/;
const question = 0x3f;

export function requestTexts(): RequestTexts {
  const viewOf = viewsOfBuffers();
  const methods = new ByteTable((bytes, start, end) => {
    const text = bytes.toString('latin1', start, Math.min(end, start + 40));
    return method.test(text) ? text : undefined;
  });
  const paths = new ByteTable((bytes, start, end) =>
    cleanPath(bytes.toString('utf8', start, Math.min(end, start + 4 * longestPath))),
  );
  return {
    method: (bytes, start, end) => methods.find(bytes, start, end),
    path(bytes, start, end) {
      const to = indexOfByte(bytes, viewOf(bytes), start, end, question);
      return to === start ? undefined : paths.find(bytes, start, to);
    },
  };
}

/** The path in what may be a whole URL, fit to be shown. */
function cleanPath(text: string): string {
  const path = text.replace(/^[a-z]+:\/\/[^/]*/, '') || '/';
  return path.slice(0, longestPath).replace(halfPair, '').replace(controls, '\ufffd');
}
