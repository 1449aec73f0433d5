import type { ErrorAnswer } from '@netring/contract/error';
import type { Logger } from '@netring/service/log';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { StoreAway } from '../store/index.ts';
import type { Call } from './context.ts';

/** Why a call is not carried out; thrown where it is known, turned into an answer in one place. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: ContentfulStatusCode;
  readonly answer: ErrorAnswer;
  readonly headers: Record<string, string>;
  constructor(status: ContentfulStatusCode, answer: ErrorAnswer, headers: Record<string, string> = {}) {
    super(answer.error.message);
    this.status = status;
    this.answer = answer;
    this.headers = headers;
  }
}

/** Shorthand for an error without a field. */
export function refuse(
  status: ContentfulStatusCode,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): ApiError {
  return new ApiError(status, { error: { code, message } }, headers);
}

/** Shorthand for a query parameter that is not allowed. */
export function refuseField(field: string, message: string): ApiError {
  return new ApiError(400, { error: { code: 'invalid_field', message: `${field}: ${message}`, field } });
}

/** Turns whatever was thrown into an answer: what is ours to tell, and nothing of our inside. */
export function answerError(error: Error, c: Call, log: Logger): Response {
  if (error instanceof ApiError) return c.json(error.answer, error.status, error.headers);
  if (error instanceof StoreAway) {
    const answer = { error: { code: 'store_away', message: 'the store does not answer: try again soon' } };
    return c.json(answer, 503, { 'retry-after': '1' });
  }
  if (error instanceof HTTPException) {
    return c.json(
      { error: { code: 'bad_request', message: 'the request was not understood' } },
      error.status,
    );
  }
  log.error({ path: c.req.path, reason: error.message, stack: error.stack }, 'a call failed');
  return c.json(
    { error: { code: 'internal', message: 'this is our fault: the registry’s log says more' } },
    500,
  );
}
