import type { Picture, TargetKind } from '../live/picture.ts';
import { conditionTroubles } from './condition-trouble.ts';
import { memberTroubles } from './member-trouble.ts';
import { pathTroubles } from './path-trouble.ts';
import type { Phrase } from './phrase.ts';

/** From worst to least: broken, worth a look, not known. */
export type Severity = 'bad' | 'warn' | 'unknown';

/** One thing that is not as it should be. */
export interface Trouble {
  severity: Severity;
  /** The same trouble has the same key, however its numbers move. */
  key: string;
  text: Phrase[];
  /** When it began, in epoch milliseconds, where that is known. */
  sinceMs?: number;
  /** The registry's own sentence. */
  why?: string;
  /** The location pair to open for more. */
  pair?: { source: string; kind: TargetKind; target: string };
  /** Id of the dependency to open for more. */
  dependency?: string;
  /** The location that does not do as it should, whoever looks at it. */
  at?: string;
  /** The location paths, members or dependencies that it speaks of. */
  about: readonly About[];
}

/** A location path, a member of a location, or a dependency with the ids of its services. */
export type About =
  | { source: string; target: string }
  | { member: string; location: string }
  | {
      dependency: string;
      services: readonly string[];
      /** The locations of caller and callee, where they are known. */
      from?: string;
      to?: string;
      /** The callee itself is blamed. */
      isOwn?: boolean;
      /** The locations between which the network is blamed. */
      over?: { source: string; target: string };
    };

/** From worst to least. */
export const severityOrder: Record<Severity, number> = { bad: 0, warn: 1, unknown: 2 };

/** Everything that is not as it should be, the worst first; paths before members. */
export function troublesOf(picture: Picture): Trouble[] {
  const { alerts = [] } = picture.alerts ?? {};
  return bySeverity([...pathTroubles(picture), ...conditionTroubles(alerts), ...memberTroubles(picture)]);
}

/** The worst first; of equal ones each keeps its place. */
export function bySeverity(all: readonly Trouble[]): Trouble[] {
  return [...all].sort((one, other) => severityOrder[one.severity] - severityOrder[other.severity]);
}
