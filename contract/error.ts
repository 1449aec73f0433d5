import { z } from 'zod';

/** Every error answer of registry and members. The rejected input is never echoed. */
export const errorAnswer = z.object({
  error: z.object({
    /** Stable, for programs: `invalid_field`, `unknown_member`, `wrong_session`, … */
    code: z.string(),
    /** For people: what was wrong and what to do. */
    message: z.string(),
    /** Dotted path of the field at fault, when there is one. */
    field: z.string().optional(),
  }),
});
export type ErrorAnswer = z.infer<typeof errorAnswer>;

/** What is wrong with a body, from zod's first issue: a code, a sentence and the field, without the rejected value. */
export function describeInvalid(error: z.ZodError): ErrorAnswer {
  const issue = error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  const said = issue?.message ?? 'not understood';
  return {
    error: {
      code: 'invalid_field',
      message: field === '' ? said : `${field}: ${said}`,
      ...(field && { field }),
    },
  };
}
