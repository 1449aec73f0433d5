import type { ErrorAnswer } from '@netring/contract/error';

/** How long the registry may take, milliseconds: for what it looks up, and for a question that it answers from memory. */
const patienceMs = { any: 30_000, quick: 10_000 };

/** What came of asking the registry. `reason` is a sentence for people. */
export type Answer<T> =
  | { kind: 'ok'; data: T }
  | { kind: 'denied'; reason: string }
  | { kind: 'failed'; reason: string; status?: number };

/** Why there is no answer, as a sentence. */
export function problemOf(answer: Exclude<Answer<unknown>, { kind: 'ok' }>): string {
  return answer.kind === 'denied' ? 'The registry wants the view token again.' : answer.reason;
}

/** Asks for JSON at a path relative to the dashboard. Never rejects, except when `signal` aborts. */
export async function askJson<T>(path: string, signal: AbortSignal): Promise<Answer<T>> {
  return read(await ask(path, { signal }), signal);
}

/** Orders something with a JSON body. `operatorToken` goes along where it is known. Never rejects, except when `signal` aborts. */
export async function orderJson<T>(
  path: string,
  body: unknown,
  operatorToken: string,
  signal: AbortSignal,
  method: 'POST' | 'PUT' | 'DELETE' = 'POST',
): Promise<Answer<T>> {
  const headers = {
    'content-type': 'application/json',
    ...(operatorToken !== '' && { authorization: `Bearer ${operatorToken}` }),
  };
  return read(await ask(path, { method, signal, headers, body: JSON.stringify(body) }), signal);
}

/** Why the event stream does not open: an `EventSource` itself does not tell. Reads no body. */
export async function whyNoStream(signal: AbortSignal): Promise<Answer<undefined>> {
  const answer = await ask('api/overview', { signal }, patienceMs.quick);
  if (answer.kind !== 'ok') return answer;
  await answer.data.body?.cancel();
  return { kind: 'ok', data: undefined };
}

/** Trades the view token for a cookie that this page cannot read. */
export async function logIn(token: string, signal: AbortSignal): Promise<Answer<undefined>> {
  const answer = await ask('login', {
    method: 'POST',
    signal,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  return answer.kind === 'ok' ? { kind: 'ok', data: undefined } : answer;
}

async function ask(
  path: string,
  request: RequestInit & { signal: AbortSignal },
  limitMs = patienceMs.any,
): Promise<Answer<Response>> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(limitMs)]);
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...request, signal });
  } catch (cause) {
    request.signal.throwIfAborted();
    return { kind: 'failed', reason: `The registry does not answer: ${said(cause)}` };
  }
  if (response.ok) return { kind: 'ok', data: response };
  if (response.status === 401) return { kind: 'denied', reason: await refusal(response) };
  return { kind: 'failed', status: response.status, reason: await refusal(response) };
}

async function read<T>(answer: Answer<Response>, signal: AbortSignal): Promise<Answer<T>> {
  if (answer.kind !== 'ok') return answer;
  try {
    return { kind: 'ok', data: (await answer.data.json()) as T };
  } catch (cause) {
    signal.throwIfAborted();
    return { kind: 'failed', reason: `The registry's answer could not be read: ${said(cause)}` };
  }
}

async function refusal(response: Response): Promise<string> {
  const body = (await response.json().catch(() => undefined)) as Partial<ErrorAnswer> | undefined;
  return body?.error?.message ?? `The registry answered ${response.status}`;
}

function said(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
