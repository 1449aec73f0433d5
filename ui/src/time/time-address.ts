import { momentFrom, momentText, type TimeAddress } from './moment.ts';

/** What of the past the address bar asks for; `undefined`: the present. */
export function timeFrom(given: URLSearchParams): TimeAddress | undefined {
  const at = momentFrom(given.get('at'));
  const against = momentFrom(given.get('against'));
  return at && { at, ...(against && { against }) };
}

export function writeTime(parts: URLSearchParams, time: TimeAddress | undefined): void {
  if (time === undefined) return;
  parts.set('at', momentText(time.at));
  if (time.against !== undefined) parts.set('against', momentText(time.against));
}
