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
  const said = issue === undefined ? 'not understood' : saidOf(issue.message);
  return {
    error: {
      code: 'invalid_field',
      message: field === '' ? said : `${field}: ${said}`,
      ...(field && { field }),
    },
  };
}

const inWords: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'an object',
  boolean: 'true or false',
};

/** zod's own message for a wrong type, in the words of ours. */
function saidOf(message: string): string {
  const wrongType = /^Invalid input: expected (\w+), received (\w+)$/.exec(message);
  if (wrongType === null) return message;
  const [, expected = '', received] = wrongType;
  return received === 'undefined' ? 'is missing' : `must be ${inWords[expected] ?? expected}`;
}
