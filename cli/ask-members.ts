import { errorAnswer } from '@netring/contract/error';
import { membersAnswer, type MemberView } from '@netring/contract/member';
import { ConfigurationError } from '@netring/service/configuration';
import { CommandFailed } from './command-failed.ts';
import { terminalText } from './terminal-text.ts';

/** Where a registry is, and what it wants to see before it answers. */
export interface RegistryAccess {
  url: string;
  token: string | undefined;
}

const answersWithinMs = 5_000;

/**
 * The members a registry knows, and its own time, in epoch seconds.
 *
 * @throws CommandFailed when it cannot be reached, does not let us, or is no registry; it says what to do.
 * @throws ConfigurationError when its address is none.
 */
export async function askMembers(
  { url, token }: RegistryAccess,
  status?: string,
): Promise<{ members: MemberView[]; nowS: number }> {
  const address = membersAddress(url, status);
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(address, { headers, signal: AbortSignal.timeout(answersWithinMs) });
    body = await response.json().catch(() => undefined);
  } catch (error) {
    throw new CommandFailed(unreachable(url, error));
  }
  if (!response.ok) throw new CommandFailed(refused(url, response.status, body, token !== undefined));
  const read = membersAnswer.safeParse(body);
  if (!read.success)
    throw new CommandFailed(`${url} answers, but not as a registry: is it the right address?`);
  return { members: read.data.members, nowS: timeOf(response) };
}

function membersAddress(url: string, status: string | undefined): URL {
  try {
    const address = new URL('members', url.endsWith('/') ? url : `${url}/`);
    if (!/^https?:$/.test(address.protocol)) throw new Error('not http');
    if (status !== undefined) address.searchParams.set('status', status);
    return address;
  } catch {
    throw new ConfigurationError([`${url} is not a registry's address: it looks like http://localhost:8756`]);
  }
}

function unreachable(url: string, error: unknown): string {
  return (
    `the registry at ${url} cannot be reached: ${terminalText(reasonOf(error as Error))}.\n` +
    'Start one with "netring registry" or a whole ring with "netring up", or name another with --registry or NETRING_REGISTRY_URL.'
  );
}

/** `fetch` hides the reason in the cause. */
function reasonOf({ name, message, cause }: Error): string {
  if (name === 'TimeoutError') return `no answer within ${answersWithinMs / 1000} s`;
  const { code, message: reason } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
  return code ?? reason ?? message;
}

function refused(url: string, status: number, body: unknown, hadToken: boolean): string {
  if (status === 401 || status === 403) {
    return hadToken
      ? `the registry at ${url} does not accept this token (${status}): it must be its view token`
      : `the registry at ${url} does not let everybody read (${status}): give its view token with --token or NETRING_VIEW_TOKEN`;
  }
  const said = errorAnswer.safeParse(body);
  const reason = said.success ? `: ${terminalText(said.data.error.message)}` : '';
  return `the registry at ${url} answered ${status}${reason}`;
}

/** By its `Date` header: our clock and its may differ. */
function timeOf(response: Response): number {
  const theirsMs = Date.parse(response.headers.get('date') ?? '');
  return (Number.isNaN(theirsMs) ? Date.now() : theirsMs) / 1000;
}
