import { errorAnswer } from '@netring/contract/error';
import { describeRoute, resolver } from 'hono-openapi';
import type { z } from 'zod';

/** The OpenAPI entry of a route, from the contract's schemas. */
export function described(about: {
  summary: string;
  tag: string;
  answer?: z.ZodType;
  /** Content type of an answer that is not JSON. */
  text?: string;
  request?: z.ZodType;
}) {
  const ok = about.answer
    ? { 'application/json': { schema: resolver(about.answer) } }
    : { [about.text ?? 'text/plain']: { schema: { type: 'string' as const } } };
  return describeRoute({
    summary: about.summary,
    tags: [about.tag],
    ...(about.request
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: bodySchema(about.request) } },
          },
        }
      : {}),
    responses: {
      200: { description: 'OK', content: ok },
      default: { description: 'Error', content: { 'application/json': { schema: resolver(errorAnswer) } } },
    },
  });
}

function bodySchema(schema: z.ZodType) {
  // hono-openapi resolves schemas in requests as it does in responses; only its type does not say so.
  return resolver(schema) as unknown as Record<string, never>;
}
