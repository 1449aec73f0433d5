import { errorAnswer } from '@netring/contract/error';
import { registerAnswer, type RegisterRequest } from '@netring/contract/member';
import type { PlanVersion } from '@netring/contract/plan-answer';
import { backoffMs } from './backoff.ts';
import { repeating } from './repeating.ts';
import type { RegistryCall, RegistryClient, RegistryReply } from './registry-client.ts';

const backoff = { firstMs: 1000, longestMs: 15_000 };

/** This member as the registry knows it: registered, with a session, or trying to be. */
export interface Membership {
  /** Calls the registry with this member's session. When the registry does not know it, it registers again. */
  call(call: Omit<RegistryCall, 'bearer'>): Promise<RegistryReply>;
  /** Milliseconds since the registry last answered; undefined when it never did. */
  silentMs(): number | undefined;
  /** Why the registry cannot be used; undefined while it can. */
  trouble(): string | undefined;
  /** Says goodbye, if there is anybody to say it to. */
  leave(timeoutMs: number): Promise<void>;
}

export interface MembershipNeeds {
  client: RegistryClient;
  /** What to register as, asked at each registration. */
  registration: () => RegisterRequest;
  instanceId: string;
  /** It registers when this resolves. */
  ready?: Promise<void>;
  /** Join tokens, the current one first. While they are changed, a registry may know only the other one. */
  tokens: readonly string[];
  now: () => number;
  /** Registered; `again` when it had been before, and the registry may have lost what it was told. */
  onRegistered: (plan: PlanVersion, again: boolean) => void;
  /** The registry went away or came back, or refuses this member; once for each change. */
  onTrouble: (reason: string | undefined) => void;
}

const notRegistered: RegistryReply = { kind: 'away', reason: 'not registered yet' };

export function createMembership(needs: MembershipNeeds): Membership {
  const { client, instanceId, tokens, now } = needs;
  let session: string | undefined;
  let lastSession: string | undefined;
  let tokenAt = 0;
  let failures = 0;
  let heardMs: number | undefined;
  let trouble: string | undefined = 'not registered yet';

  const say = (reason: string | undefined) => {
    if (reason === trouble) return;
    trouble = reason;
    needs.onTrouble(reason);
  };
  const register = async (): Promise<number> => {
    if (session !== undefined) return longestWaitMs;
    await needs.ready;
    const body = { ...needs.registration(), ...(lastSession !== undefined && { session: lastSession }) };
    const reply = await client.call({ method: 'POST', path: '/register', body, bearer: tokens[tokenAt] });
    const answer =
      reply.kind === 'answered' && reply.status === 200 ? registerAnswer.safeParse(reply.body) : undefined;
    if (answer?.success !== true) {
      if (reply.kind === 'answered' && reply.status === 401)
        tokenAt = (tokenAt + 1) % Math.max(1, tokens.length);
      say(whyNot(reply, instanceId));
      return backoffMs(++failures, backoff, Math.random());
    }
    const again = lastSession !== undefined;
    failures = 0;
    heardMs = now();
    session = lastSession = answer.data.session;
    say(undefined);
    needs.onRegistered(answer.data.plan, again);
    return longestWaitMs;
  };
  const registering = repeating(0, register);

  return {
    async call(call) {
      const used = session;
      if (used === undefined) return notRegistered;
      const reply = await client.call({ ...call, bearer: used });
      if (reply.kind === 'away' || reply.status >= 500) {
        say(reply.kind === 'away' ? reply.reason : `it is in trouble itself${saidIn(reply.body)}`);
        return reply;
      }
      heardMs = now();
      if (reply.status !== 404 && reply.status !== 401) {
        if (session === used) say(undefined);
        return reply;
      }
      if (session === used) session = undefined;
      registering.soon(0);
      return reply;
    },
    silentMs: () => (heardMs === undefined ? undefined : now() - heardMs),
    trouble: () => trouble,
    async leave(timeoutMs) {
      registering.stop();
      if (session === undefined) return;
      const body = { instance_id: instanceId };
      await client.call({ method: 'POST', path: '/deregister', body, bearer: session, timeoutMs });
    },
  };
}

/** Timers take no longer waits than this; when it is over there is simply nothing to do. */
const longestWaitMs = 2 ** 31 - 1;

/** Why a registration came to nothing, and what to do. */
function whyNot(reply: RegistryReply, instanceId: string): string {
  if (reply.kind === 'away') return reply.reason;
  const message = saidIn(reply.body);
  switch (reply.status) {
    case 401:
    case 403:
      return `it refuses this member${message}: NETRING_TOKEN must be the registry's join token`;
    case 409:
      return (
        `another live member is called ${instanceId}${message}: give each member a NETRING_INSTANCE_ID of its own; ` +
        'if this is that member after a crash, it is let in once its address has answered or the old one is offline'
      );
    default:
      return `it refuses to register this member with status ${reply.status}${message}`;
  }
}

/** The registry's own words, to go on a sentence. */
function saidIn(body: unknown): string {
  const said = errorAnswer.safeParse(body);
  return said.success ? `: ${said.data.error.message}` : '';
}
