import { createHmac } from 'node:crypto';
import { isIP } from 'node:net';
import { getCookie, setCookie } from 'hono/cookie';
import { sameSecret } from '../membership/index.ts';
import { refuse } from './api-error.ts';
import { callerAddress, type Call } from './context.ts';
import { createRateLimit } from '@netring/service/rate-limit';

export interface RightsOptions {
  tokens: readonly string[];
  viewToken: string | undefined;
  operatorToken: string | undefined;
  openReading: boolean;
}

/** Joining, reading and operating are three rights with keys of their own. Each check throws the answer to give. */
export interface Rights {
  mayJoin(c: Call): void;
  /** Whether a call in the name of a member may be heard at all; its session is asked for elsewhere. */
  maySpeak(c: Call): void;
  mayRead(c: Call): void;
  /** Changing what people entered, or having members do something: by the operator's token, or its cookie and a page of ours. */
  mayOperate(c: Call): void;
  /** Whether the call bears the join token, which members read the plan with before they have a session. */
  bearsJoinToken(c: Call): boolean;
  /** Trades the view token for a cookie. */
  login(c: Call, token: string): void;
  bearer(c: Call): string | undefined;
}

const cookieName = 'netring_view';

/** @param options without join tokens, members are let in as they come; without a view token, only this machine reads. */
export function createRights(options: RightsOptions): Rights {
  // Who sends wrong tokens all the time is told to wait. A right one is heard even then: behind one proxy are many
  // people, and no rate of guessing finds 16 random characters.
  const wrong = createRateLimit(20, 1);
  const readKeys = [options.viewToken, options.operatorToken].filter((key) => key !== undefined);

  const bearsJoinToken = (c: Call): boolean => {
    const given = bearer(c);
    return given !== undefined && options.tokens.some((token) => sameSecret(given, token));
  };

  /** Where no secret is asked, a page of anybody's could speak from a browser on this machine: no page is a member. */
  const maySpeak = (c: Call): void => {
    if (options.tokens.length > 0 || c.req.header('origin') === undefined) return;
    throw refuse(403, 'not_for_pages', 'members call this, not pages in a browser');
  };

  return {
    bearer,
    bearsJoinToken,
    maySpeak,
    mayJoin(c) {
      maySpeak(c);
      if (options.tokens.length === 0 || bearsJoinToken(c)) return;
      noteWrong(c);
      throw unauthorized('wrong_token', 'a member joins with the registry’s NETRING_TOKEN as bearer token');
    },
    mayRead(c) {
      if (options.openReading) return;
      if (options.viewToken === undefined) return localOnly(c);
      const given = bearer(c);
      if (given !== undefined && readKeys.some((key) => sameSecret(given, key))) return;
      const cookie = getCookie(c, cookieName);
      if (cookie !== undefined && readKeys.some((key) => sameSecret(cookie, cookieOf(key)))) return;
      if (given !== undefined) noteWrong(c);
      throw unauthorized(
        'view_token_needed',
        'reading needs NETRING_VIEW_TOKEN, as bearer token or through /login',
      );
    },
    mayOperate(c) {
      ownPageOnly(c);
      const key = options.operatorToken;
      if (key === undefined) {
        // A ring on one machine, where nothing asks for a token.
        if (options.tokens.length === 0 && options.viewToken === undefined) return localOnly(c);
        throw refuse(
          403,
          'operating_is_off',
          'the registry has no NETRING_OPERATOR_TOKEN: set one to operate',
        );
      }
      const given = bearer(c);
      if (given !== undefined && sameSecret(given, key)) return;
      const cookie = getCookie(c, cookieName);
      if (given === undefined && cookie !== undefined && sameSecret(cookie, cookieOf(key))) return;
      if (given !== undefined) noteWrong(c);
      throw unauthorized('operator_token_needed', 'this needs NETRING_OPERATOR_TOKEN, as bearer token');
    },
    login(c, token) {
      const key = readKeys.find((one) => sameSecret(token, one));
      if (key === undefined) {
        noteWrong(c);
        throw unauthorized('wrong_token', 'this is not the view token of this registry');
      }
      const secure =
        new URL(c.req.url).protocol === 'https:' || c.req.header('x-forwarded-proto') === 'https';
      setCookie(c, cookieName, cookieOf(key), {
        httpOnly: true,
        sameSite: 'Strict',
        path: '/',
        secure,
        maxAge: 30 * 86_400,
      });
    },
  };

  function noteWrong(c: Call): void {
    if (wrong.take(callerAddress(c), Date.now())) return;
    throw refuse(429, 'too_many_wrong_tokens', 'too many wrong tokens from this address: wait a minute', {
      'retry-after': '60',
    });
  }
}

/** A browser says whose page it speaks for: only a page of this very registry may change anything. */
function ownPageOnly(c: Call): void {
  const origin = c.req.header('origin');
  if (origin === undefined) return;
  const host = c.req.header('x-forwarded-host') ?? c.req.header('host') ?? '';
  if (!URL.canParse(origin) || new URL(origin).host !== host) {
    throw refuse(403, 'wrong_origin', 'this is not for pages of other sites');
  }
}

/** Without a view token only this machine may read, and no page of another site through its browser. */
function localOnly(c: Call): void {
  const address = callerAddress(c);
  const local = address === '' || address === '::1' || address.startsWith('127.');
  const forwarded = c.req.header('x-forwarded-for') ?? c.req.header('forwarded');
  if (!local || forwarded !== undefined) {
    throw unauthorized(
      'view_token_needed',
      'reading from another machine needs NETRING_VIEW_TOKEN on the registry (or NETRING_OPEN_READING=1)',
    );
  }
  // DNS rebinding: a name of somebody else's that was made to point here.
  const host = (c.req.header('host') ?? 'localhost').replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  if (host !== 'localhost' && isIP(host) === 0) {
    throw refuse(
      403,
      'wrong_host',
      'without a view token the registry answers only to its address or to localhost',
    );
  }
}

function bearer(c: Call): string | undefined {
  return /^Bearer ([\x21-\x7e]{1,512})$/i.exec(c.req.header('authorization') ?? '')?.[1];
}

function unauthorized(code: string, message: string) {
  return refuse(401, code, message, { 'www-authenticate': 'Bearer' });
}

/** The cookie proves that its owner once knew the token, without being it. */
function cookieOf(key: string): string {
  return createHmac('sha256', key).update('netring view cookie 1').digest('hex');
}
