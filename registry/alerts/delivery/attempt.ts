import { post, Unanswered } from '../../posting/index.ts';
import type { Encoded, Receiver } from './receiver.ts';

/**
 * How a try went. `away`: nobody there, or not now, so that others need not be tried either; `refused`: this one is not
 * taken as it is, which may be another thing with the next.
 */
export type Attempt =
  | { outcome: 'delivered' }
  | { outcome: 'away'; error: string; retryAfterMs?: number }
  | { outcome: 'refused'; error: string };

/**
 * Sends once; says in every case how it went, and never where to.
 *
 * @param signal ends the wait for an answer
 */
export async function attempt(
  { url }: Pick<Receiver, 'url'>,
  { body, headers }: Encoded,
  signal?: AbortSignal,
): Promise<Attempt> {
  try {
    const { status, retryAfterMs } = await post({ url, headers: headers ?? {}, body, signal });
    if (status >= 200 && status <= 299) return { outcome: 'delivered' };
    const error = `it answered ${status}`;
    const isAway = status >= 500 || status === 408 || status === 429;
    if (!isAway) return { outcome: 'refused', error };
    return { outcome: 'away', error, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  } catch (error) {
    return { outcome: 'away', error: reasonOf(error) };
  }
}

/** Of what nobody thought of only the kind: its words may hold the address. */
function reasonOf(error: unknown): string {
  if (error instanceof Unanswered) return error.message;
  return `it cannot be sent (${error instanceof Error ? error.name : 'unknown error'})`;
}
