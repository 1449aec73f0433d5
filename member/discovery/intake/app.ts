import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpBindings } from '@netring/service/listen';
import type { Logger } from '@netring/service/log';
import { createRateLimit } from '@netring/service/rate-limit';
import { Hono, type Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Collector, SourceBook } from '../collector.ts';
import { mostBodyBytes, readBody, unpacked } from './body.ts';
import { readRecords } from './records.ts';
import { takeRecords } from './take.ts';

/** Who reads spans. */
export interface SpanReader {
  /** Bytes of one request, as it comes over the wire. */
  bodyBytes: number;
  /** Takes spans as they came: the body still packed as `contentEncoding` says. Never throws. */
  take(
    body: Uint8Array,
    contentType: string | undefined,
    contentEncoding: string | undefined,
  ): { status: ContentfulStatusCode; contentType: string; body: Uint8Array };
}

export interface IntakeNeeds {
  collector: Collector;
  book: SourceBook;
  /** Absent: spans are not taken here. */
  spans: SpanReader | undefined;
  /** One of these is needed as bearer; empty: nobody is asked. */
  tokens: readonly string[];
  now: () => number;
  log: Logger;
  /** Requests of one sender; {@link usualRate} when absent. */
  rate?: { perSecond: number; burst: number };
}

/** A batch every ten milliseconds is more than any exporter sends. */
const usualRate = { perSecond: 100, burst: 1000 };

type Env = { Bindings: HttpBindings };

/** What the intake answers over HTTP. */
export function createIntakeApp(needs: IntakeNeeds): Hono<Env> {
  const { collector, book, rate = usualRate } = needs;
  const app = new Hono<Env>();
  const mayAsk = createRateLimit(rate.burst, rate.perSecond);

  app.use(async (c, next) => {
    const refused = senderRefused(c, needs.tokens);
    if (refused !== undefined) return refused;
    if (mayAsk.take(c.env.incoming.socket.remoteAddress ?? '', needs.now())) return next();
    book.rejected('too_fast');
    c.header('retry-after', '1');
    return problem(c, 429, 'too_fast', `at most ${rate.perSecond} requests a second: send more at once`);
  });
  app.post('/observations', async (c) => {
    const raw = await readBody(c.env.incoming, mostBodyBytes);
    const body = raw.kind === 'body' ? await unpacked(raw.bytes, c.req.header('content-encoding')) : raw;
    if (body.kind === 'refused') {
      book.rejected(body.code);
      return problem(c, body.status, body.code, body.message);
    }
    const read = readRecords(body.bytes.toString('utf8'));
    if (read.kind === 'broken') {
      book.rejected(read.code);
      return problem(c, 400, read.code, read.message);
    }
    const answer = takeRecords(collector, book, read.records);
    const first = answer.refusals[0];
    if (answer.taken > 0 || first === undefined) return c.json({ status: 'ok', ...answer });
    const { field, reason: message } = first;
    const error = { code: 'invalid_observations', message, ...(field === undefined ? {} : { field }) };
    return c.json({ error, ...answer }, 400);
  });
  app.post('/v1/traces', async (c) => {
    const { spans } = needs;
    if (spans === undefined) return problem(c, 404, 'no_spans', 'this member takes no spans');
    const body = await readBody(c.env.incoming, spans.bodyBytes);
    if (body.kind === 'refused') return problem(c, body.status, body.code, body.message);
    const { req } = c;
    const answer = spans.take(body.bytes, req.header('content-type'), req.header('content-encoding'));
    return c.body(answer.body as Uint8Array<ArrayBuffer>, answer.status, {
      'content-type': answer.contentType,
    });
  });
  app.notFound((c) => problem(c, 404, 'not_found', 'here are POST /observations and POST /v1/traces'));
  app.onError((error, c) => {
    needs.log.error({ path: c.req.path, reason: error.message }, 'observations could not be taken');
    return problem(c, 500, 'internal', 'this member failed to answer; its log says why');
  });
  return app;
}

/** A page in somebody's browser can reach a loopback address, too, and always says where it comes from. */
function senderRefused(c: Context<Env>, tokens: readonly string[]): Response | undefined {
  if (c.req.header('origin') !== undefined)
    return problem(c, 403, 'from_a_page', 'observations are not taken from pages in a browser');
  if (tokens.length === 0) return undefined;
  const given = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1];
  if (given !== undefined && tokens.some((token) => sameText(given, token))) return undefined;
  c.header('www-authenticate', 'Bearer');
  return problem(c, 401, 'token_needed', 'send the join token (NETRING_TOKEN) as "Authorization: Bearer …"');
}

/** Compares in a time that tells nothing of where two texts differ. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function problem(c: Context<Env>, status: ContentfulStatusCode, code: string, message: string): Response {
  return c.json({ error: { code, message } }, status);
}
