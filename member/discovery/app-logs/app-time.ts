const written =
  /^(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s?(Z|UTC|[+-]\d\d:?\d\d)?$/;

/**
 * A time as programs write it, epoch milliseconds: ISO 8601 with `T` or a space, with or without a fraction and a zone;
 * seconds, milliseconds, microseconds or nanoseconds since 1970; anything else as `Date.parse` reads it. Without a zone
 * it is the member's own. `NaN` for what is no time.
 */
export function appTime(text: string): number {
  const found = written.exec(text);
  if (found !== null) {
    const [, year, month, day, time, fraction = '', zone = ''] = found;
    const offset = zone === 'UTC' ? 'Z' : zone;
    const seconds = Date.parse(`${year}-${month}-${day}T${time}${offset}`);
    return seconds + Number(fraction.padEnd(3, '0').slice(0, 3));
  }
  if (/^\d{9,19}(?:\.\d+)?$/.test(text)) return sinceEpoch(text);
  return Date.parse(text.replace(/^\[|\]$/g, ''));
}

/** By the number of digits: a unit more has three more, until the year 2286. */
function sinceEpoch(text: string): number {
  const digits = text.split('.')[0]?.length ?? 0;
  const value = Number(text);
  if (digits <= 11) return Math.round(value * 1000);
  if (digits <= 14) return Math.round(value);
  return Math.round(value / (digits <= 17 ? 1e3 : 1e6));
}
