/** What a pattern can tell of a line, each by a named group. */
export const patternGroups = [
  'timestamp',
  'method',
  'path',
  'status',
  'duration',
  'duration_ms',
  'duration_s',
  'duration_us',
  'source',
  'destination',
  'bytes',
] as const;
export type PatternGroup = (typeof patternGroups)[number];

/** What a pattern found in a line. */
export type Groups = Partial<Record<PatternGroup, string>>;

export interface AppPattern {
  expression: RegExp;
  has(group: PatternGroup): boolean;
}

/**
 * A pattern as people write it.
 * @param knowsCaller whether something else says who asks
 * @throws RangeError that names what is wrong with it
 */
export function appPattern(pattern: string, knowsCaller: boolean): AppPattern {
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, 'u');
  } catch (error) {
    throw new RangeError(`pattern: is no regular expression: ${(error as Error).message}`, { cause: error });
  }
  const names = [...pattern.matchAll(/\(\?<([A-Za-z_$][\w$]*)>/g)].map((one) => one[1] as string);
  const unknown = names.find((name) => !(patternGroups as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new RangeError(`pattern: has a group ${unknown}; known ones are ${patternGroups.join(', ')}.`);
  const has = (group: PatternGroup): boolean => names.includes(group);
  if (names.length === 0)
    throw new RangeError('pattern: has no named group, such as (?<status>\\d+); it would tell nothing.');
  if (!knowsCaller && !has('source') && !has('destination'))
    throw new RangeError(
      'pattern: does not tell who asks. Give it a group source, or set caller; or a group destination, when the service itself asks.',
    );
  return { expression, has };
}
