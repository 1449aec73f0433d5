/** The records in a body: one JSON value, a JSON list, or one JSON value a line. */
export type Records =
  { kind: 'records'; records: readonly RawRecord[] } | { kind: 'broken'; code: string; message: string };

/** A record as it came: a value, or a line that is none. */
export type RawRecord = { kind: 'value'; value: unknown } | { kind: 'not_json' };

/** One body may hold so many; a smaller one is answered sooner. */
export const mostRecords = 50_000;

/** @param text of the whole body, which is bounded already */
export function readRecords(text: string): Records {
  const body = text.trim();
  if (body === '') return { kind: 'broken', code: 'empty_body', message: 'the body is empty' };
  const whole = parsed(body);
  if (whole.kind === 'value') return ofValue(whole.value);
  const lines = body.split('\n').filter((line) => line.trim() !== '');
  if (lines.length < 2)
    return {
      kind: 'broken',
      code: 'broken_json',
      message: 'the body is neither JSON nor one JSON object a line',
    };
  return bounded(lines.map(parsed));
}

function ofValue(value: unknown): Records {
  return bounded(
    Array.isArray(value)
      ? value.map((one: unknown): RawRecord => ({ kind: 'value', value: one }))
      : [{ kind: 'value', value }],
  );
}

function bounded(records: readonly RawRecord[]): Records {
  if (records.length <= mostRecords) return { kind: 'records', records };
  const message = `the body holds more than ${mostRecords} observations: send it in parts`;
  return { kind: 'broken', code: 'too_many_records', message };
}

function parsed(text: string): RawRecord {
  try {
    return { kind: 'value', value: JSON.parse(text) as unknown };
  } catch {
    return { kind: 'not_json' };
  }
}
