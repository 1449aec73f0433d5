import { createHash, timingSafeEqual } from 'node:crypto';
import type { ErrorAnswer } from '@netring/contract/error';
import type { MemberHealth } from '@netring/contract/health';
import { signAddress, type AddressClaim } from '@netring/contract/proof';
import type { HttpBindings } from '@netring/service/listen';
import type { Logger } from '@netring/service/log';
import { createRateLimit } from '@netring/service/rate-limit';
import { Hono, type Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/**
 * Of one address: 1,000 members behind it that all ask a newcomer within the second they spread their questions over.
 * One that asks more takes nothing from the others, or a stranger could keep a newcomer from being proved.
 */
const proofLimit = { perSecond: 100, burst: 1000 };

export interface ServerNeeds {
  health: () => MemberHealth;
  metrics: { text(): Promise<string>; contentType: string };
  /** Signs answers to the address proof; absent: it cannot be asked. */
  token: string | undefined;
  /** This member's own advertised address, the only one it ever signs. */
  claim: () => AddressClaim;
  /** Who may read from another machine: everybody, holders of a key, or nobody. */
  reading: { kind: 'open' } | { kind: 'key'; key: string } | { kind: 'local' };
  now: () => number;
  log: Logger;
}

type Env = { Bindings: HttpBindings };

/** What a member answers over HTTP. */
export function createServerApp(needs: ServerNeeds): Hono<Env> {
  const app = new Hono<Env>();
  const mayAsk = createRateLimit(proofLimit.burst, proofLimit.perSecond);

  app.get('/health', (c) => {
    const health = needs.health();
    return c.json(health, health.status === 'healthy' ? 200 : 503);
  });
  app.get('/metrics', async (c) => {
    const refused = readingRefused(c, needs.reading);
    if (refused !== undefined) return refused;
    return c.body(await needs.metrics.text(), 200, { 'content-type': needs.metrics.contentType });
  });
  app.get('/proof', (c) => {
    if (needs.token === undefined)
      return problem(c, 404, 'no_token', 'this member has no join token to prove itself with');
    const nonce = c.req.query('nonce') ?? '';
    if (!/^[0-9a-f]{32}$/.test(nonce))
      return problem(c, 400, 'invalid_field', 'nonce: must be 32 hex digits', 'nonce');
    if (!mayAsk.take(callerAddress(c), needs.now()))
      return problem(c, 429, 'too_many_questions', 'asked too often: try again in a minute');
    return c.json(signAddress(needs.token, needs.claim(), nonce));
  });
  app.notFound((c) => problem(c, 404, 'not_found', 'a member answers GET /health, /metrics and /proof'));
  app.onError((error, c) => {
    needs.log.error({ path: c.req.path, reason: error.message }, 'a request failed');
    return problem(c, 500, 'internal', 'this member failed to answer; its log says why');
  });
  return app;
}

function readingRefused(c: Context<Env>, reading: ServerNeeds['reading']): Response | undefined {
  if (reading.kind === 'open' || isLocal(callerAddress(c))) return undefined;
  if (reading.kind === 'local') {
    return problem(
      c,
      403,
      'reading_closed',
      'reading from another machine needs NETRING_VIEW_TOKEN on this member, or NETRING_OPEN_READING=1',
    );
  }
  const given = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1];
  if (given !== undefined && sameText(given, reading.key)) return undefined;
  c.header('www-authenticate', 'Bearer');
  return problem(c, 401, 'view_token_needed', 'send the view token as "Authorization: Bearer …"');
}

function callerAddress(c: Context<Env>): string {
  return c.env.incoming.socket.remoteAddress ?? '';
}

function isLocal(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

/** Compares in a time that tells nothing of where two texts differ. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function problem(
  c: Context<Env>,
  status: ContentfulStatusCode,
  code: string,
  message: string,
  field?: string,
): Response {
  const body: ErrorAnswer = { error: { code, message, ...(field !== undefined && { field }) } };
  return c.json(body, status);
}
