import { errorAnswer } from '@netring/contract/error';
import { ConfigurationError } from '@netring/service/configuration';
import type { z } from 'zod';
import { CommandFailed } from './command-failed.ts';
import { terminalText } from './terminal-text.ts';

/** Where a registry is, and what it wants to see before it answers. */
export interface RegistryAccess {
  url: string;
  token: string | undefined;
}

/** One call of a registry's. */
export interface Question<T> {
  /** `members`, `api/alerts`: below the registry's address. */
  path: string;
  query?: Record<string, string | undefined>;
  method?: 'GET' | 'POST' | 'DELETE';
  body?: object;
  /** What a registry answers. */
  answer: z.ZodType<T>;
  /** Which token the call needs. */
  right?: 'view' | 'operator';
  answersWithinMs?: number;
  /** Ends it early. */
  signal?: AbortSignal;
}

/**
 * Asks a registry, and gives its answer and its own time, in epoch milliseconds.
 *
 * @throws CommandFailed when it cannot be reached, does not let us, refuses, or is no registry; it says what to do.
 * @throws ConfigurationError when its address is none.
 */
export async function askRegistry<T>(
  access: RegistryAccess,
  question: Question<T>,
): Promise<{ answer: T; nowMs: number }> {
  const { response, body } = await call(access, question);
  const read = question.answer.safeParse(jsonIn(body));
  if (!read.success)
    throw new CommandFailed(`${access.url} answers, but not as a registry: is it the right address?`);
  return { answer: read.data, nowMs: timeOf(response) };
}

/**
 * Asks a registry for a text, such as a drawing or a report.
 *
 * @param type that the answer must have, so that no error page of somebody's proxy passes for it
 * @throws as `askRegistry`
 */
export async function askRegistryText(
  access: RegistryAccess,
  question: Omit<Question<unknown>, 'answer'> & { type: string },
): Promise<string> {
  const { response, body } = await call(access, question);
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith(question.type))
    throw new CommandFailed(`${access.url} answers, but not as a registry: is it the right address?`);
  return body;
}

async function call(
  { url, token }: RegistryAccess,
  question: Omit<Question<unknown>, 'answer'>,
): Promise<{ response: Response; body: string }> {
  const { method = 'GET', body, answersWithinMs = 5_000, right = 'view' } = question;
  const address = addressOf(url, question);
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  try {
    const limit = AbortSignal.timeout(answersWithinMs);
    const signal = question.signal === undefined ? limit : AbortSignal.any([limit, question.signal]);
    const response = await fetch(address, { method, headers, ...sent, signal });
    const came = await response.text();
    if (!response.ok)
      throw new CommandFailed(refused(url, response.status, jsonIn(came), right, token !== undefined));
    return { response, body: came };
  } catch (error) {
    if (error instanceof CommandFailed) throw error;
    throw new CommandFailed(unreachable(url, error as Error, answersWithinMs));
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function addressOf(url: string, { path, query = {} }: Pick<Question<unknown>, 'path' | 'query'>): URL {
  try {
    const address = new URL(path, url.endsWith('/') ? url : `${url}/`);
    if (!/^https?:$/.test(address.protocol)) throw new Error('not http');
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) address.searchParams.set(name, value);
    return address;
  } catch {
    throw new ConfigurationError([`${url} is not a registry's address: it looks like http://localhost:8756`]);
  }
}

function unreachable(url: string, error: Error, withinMs: number): string {
  return (
    `the registry at ${url} cannot be reached: ${terminalText(reasonOf(error, withinMs))}.\n` +
    'Start one with "netring registry" or a whole ring with "netring up", or name another with --registry or NETRING_REGISTRY_URL.'
  );
}

/** `fetch` hides the reason in the cause. */
function reasonOf({ name, message, cause }: Error, withinMs: number): string {
  if (name === 'TimeoutError') return `no answer within ${withinMs / 1000} s`;
  const { code, message: reason } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
  return code ?? reason ?? message;
}

const does = { view: 'let everybody read', operator: 'let everybody operate it' };
const variable = { view: 'NETRING_VIEW_TOKEN', operator: 'NETRING_OPERATOR_TOKEN' };

function refused(
  url: string,
  status: number,
  body: unknown,
  right: 'view' | 'operator',
  hadToken: boolean,
): string {
  const said = errorAnswer.safeParse(body);
  const isRight = status === 401 || (status === 403 && right === 'view');
  if (isRight) {
    return hadToken
      ? `the registry at ${url} does not accept this token (${status}): it must be its ${right} token`
      : `the registry at ${url} does not ${does[right]} (${status}): give its ${right} token with --token or ${variable[right]}`;
  }
  const reason = said.success ? `: ${terminalText(said.data.error.message)}` : '';
  return `the registry at ${url} answered ${status}${reason}`;
}

/** By its `Date` header: our clock and its may differ. */
function timeOf(response: Response): number {
  const theirsMs = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(theirsMs) ? Date.now() : theirsMs;
}
