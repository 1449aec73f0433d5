import { errorAnswer } from '@netring/contract/error';
import { ConfigurationError } from '@netring/service/configuration';
import { tlsTrouble } from '@netring/service/tls-trouble';
import type { z } from 'zod';
import { CommandFailed } from './command-failed.ts';
import { fetchText, TooLate, type TextAnswer } from './fetch-text.ts';
import { terminalText } from './terminal-text.ts';

/** Where a registry is, and what it wants to see before it answers. */
export interface RegistryAccess {
  url: string;
  token: string | undefined;
  /** PEM file of the CA that it is believed through by https; absent: that of NETRING_TLS_CA, or what the machine trusts. */
  ca?: string | undefined;
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
  const answer = await call(access, question);
  const read = question.answer.safeParse(jsonIn(answer.text));
  if (!read.success)
    throw new CommandFailed(`${access.url} answers, but not as a registry: is it the right address?`);
  return { answer: read.data, nowMs: timeOf(answer) };
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
  const { headers, text } = await call(access, question);
  const type = headers['content-type'] ?? '';
  if (!type.startsWith(question.type))
    throw new CommandFailed(`${access.url} answers, but not as a registry: is it the right address?`);
  return text;
}

async function call(
  access: RegistryAccess,
  question: Omit<Question<unknown>, 'answer'>,
): Promise<TextAnswer> {
  const { url, token } = access;
  const { method = 'GET', body, answersWithinMs = 5_000, right = 'view', signal } = question;
  const address = addressOf(url, question);
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const caFile = access.ca ?? (process.env.NETRING_TLS_CA || undefined);
  const asked = { method, headers, body: sent, caFile, withinMs: answersWithinMs, signal };
  let answer: TextAnswer;
  try {
    answer = await fetchText(address, asked);
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new CommandFailed(unreachable(url, error as Error));
  }
  const { status, text } = answer;
  if (status >= 200 && status < 300) return answer;
  if (status >= 300 && status < 400) throw new CommandFailed(sentOn(url, answer));
  throw new CommandFailed(refused(url, status, jsonIn(text), right, token !== undefined));
}

/** A token goes to whom it was meant for, and nowhere else. */
function sentOn(url: string, { headers }: TextAnswer): string {
  const to = headers.location === undefined ? 'somewhere else' : terminalText(headers.location);
  return `the registry at ${url} sends us to ${to}: name that one with --registry or NETRING_REGISTRY_URL`;
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

function unreachable(url: string, error: NodeJS.ErrnoException): string {
  const trouble = tlsTrouble(error);
  if (trouble !== undefined) return `the registry at ${url} is not believed: ${trouble}.\n${believe}`;
  const reason = error instanceof TooLate ? error.message : (error.code ?? error.message);
  return (
    `the registry at ${url} cannot be reached: ${terminalText(reason)}.\n` +
    'Start one with "netring registry" or a whole ring with "netring up", or name another with --registry or NETRING_REGISTRY_URL.'
  );
}

const believe = "Name the CA of the ring with --ca or NETRING_TLS_CA: it is the registry's ca.crt.";

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
function timeOf({ headers }: TextAnswer): number {
  const theirsMs = Date.parse(headers.date ?? '');
  return Number.isNaN(theirsMs) ? Date.now() : theirsMs;
}
