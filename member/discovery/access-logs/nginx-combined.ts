import type { LineParser } from './access-record.ts';
import { viewsOfBuffers } from './byte-scan.ts';
import { emptyCommonLine, readCommonLine } from './common-log.ts';
import { commonRecord } from './common-record.ts';
import { endsOf, type Ends } from './ends.ts';
import { requestTexts } from './request-texts.ts';
import { timeReader } from './times.ts';

/** nginx's (and Apache's) `combined` log: who asked for what, and no more: no duration, nothing behind the proxy. */
export function nginxCombined(ends: Ends = endsOf(undefined)): LineParser {
  const times = timeReader();
  const texts = requestTexts();
  const line = emptyCommonLine();
  const viewOf = viewsOfBuffers();
  return (bytes, start, end) => {
    const why = readCommonLine(bytes, viewOf(bytes), start, end, times, line);
    if (why !== undefined) return why;
    return commonRecord(bytes, start, line, undefined, texts, ends);
  };
}
