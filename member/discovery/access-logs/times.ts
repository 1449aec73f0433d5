import { isSame, viewsOfBuffers } from './byte-scan.ts';

/** Reads times of one log; what repeats from line to line (the second) is worked out once. Epoch milliseconds, else `NaN`. */
export interface TimeReader {
  /** `2026-01-31T12:00:00.123456789Z`, or with an offset (RFC 3339). */
  iso: (bytes: Buffer, start: number, end: number) => number;
  /** `31/Jan/2026:12:00:00 +0100`, as Apache's log has it. */
  clf: (bytes: Buffer, start: number, end: number) => number;
}

export function timeReader(): TimeReader {
  const isoSecond = remembering((text) => Date.parse(`${text}Z`), 19);
  const clfSecond = remembering(clfTime, 26);
  return {
    iso(bytes, start, end) {
      if (end - start < 20) return NaN;
      let ms = isoSecond(bytes, start);
      let at = start + 19;
      if (bytes[at] === 0x2e) {
        let unit = 100;
        for (at++; at < end && bytes[at]! >= 0x30 && bytes[at]! <= 0x39; at++) {
          ms += (bytes[at]! - 0x30) * unit;
          unit /= 10;
        }
      }
      if (bytes[at] === 0x5a && at + 1 === end) return ms;
      return ms - offsetMs(bytes, at, end);
    },
    clf(bytes, start, end) {
      return end - start === 26 ? clfSecond(bytes, start) : NaN;
    },
  };
}

/** The last answer, for as long as the question is the same. */
function remembering(make: (text: string) => number, length: number): (bytes: Buffer, at: number) => number {
  const last = Buffer.alloc(length);
  const viewOfLast = viewsOfBuffers()(last);
  const viewOf = viewsOfBuffers();
  let value = NaN;
  return (bytes, start) => {
    if (isSame(viewOf(bytes), start, viewOfLast, 0, length)) return value;
    bytes.copy(last, 0, start, start + length);
    value = make(last.toString('latin1', 0, length));
    return value;
  };
}

const offset = /^([+-])(\d\d):?(\d\d)$/;

function offsetMs(bytes: Buffer, start: number, end: number): number {
  const found = end - start <= 6 ? offset.exec(bytes.toString('latin1', start, end)) : null;
  if (found === null) return NaN;
  return (found[1] === '-' ? -60_000 : 60_000) * (Number(found[2]) * 60 + Number(found[3]));
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const clf = /^(\d\d)\/([A-Z][a-z][a-z])\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/;

function clfTime(text: string): number {
  const found = clf.exec(text);
  if (found === null) return NaN;
  const [, day, month, year, time, hours, minutes] = found;
  const number = String(months.indexOf(month as string) + 1).padStart(2, '0');
  return Date.parse(`${year}-${number}-${day}T${time}${hours}:${minutes}`);
}
