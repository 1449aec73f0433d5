/** How one thing stands. `skipped`: it could not be looked at, and says why. Only a `problem` fails. */
export const outcomes = ['ok', 'warning', 'problem', 'skipped'] as const;
export type Outcome = (typeof outcomes)[number];

/** What `netring doctor` found in one check. Never holds a secret. */
export interface Finding {
  /** What was looked at, in a word or two, such as `registry: name`. The same for every outcome. */
  check: string;
  outcome: Outcome;
  /** What was seen, as a sentence with its numbers. */
  said: string;
  /** What to do about it; only of a warning or a problem. */
  todo?: string;
}

export function ok(check: string, said: string): Finding {
  return { check, outcome: 'ok', said };
}

export function skipped(check: string, said: string): Finding {
  return { check, outcome: 'skipped', said };
}

export function warning(check: string, said: string, todo: string): Finding {
  return { check, outcome: 'warning', said, todo };
}

export function problem(check: string, said: string, todo: string): Finding {
  return { check, outcome: 'problem', said, todo };
}
