import type { LineParser } from './access-record.ts';
import { endsOf, type Ends } from './ends.ts';
import { jsonLine } from './json-line.ts';
import { nginxRecord, nginxVariables } from './nginx-record.ts';
import { requestTexts } from './request-texts.ts';
import { timeReader } from './times.ts';

/** nginx's log in the JSON form that docs/access-logs.md gives: keys are the names of variables, in any order. */
export function nginxJson(ends: Ends = endsOf()): LineParser {
  const line = jsonLine(nginxVariables);
  const times = timeReader();
  const texts = requestTexts();
  return (bytes, start, end) =>
    line.read(bytes, start, end) ? nginxRecord(line, times, texts, ends) : 'not_json';
}
