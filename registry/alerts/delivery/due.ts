import type { Notification } from '@netring/contract/notification';

/** How often a receiver wants to hear of one incident. Times are milliseconds. */
export interface Policy {
  /** From the opening of an incident to the first word. */
  waitMs: number;
  /** At least between two words of an incident, but for its end. */
  intervalMs: number;
  /** What goes on unchanged is told again after so long; 0: never. */
  repeatMs: number;
  /** What is over is told although nobody could be told that it began. */
  tellsLate: boolean;
  /** It holds the state of things and forgets what is not repeated, also while it is silenced. */
  isState: boolean;
}

/** What a receiver has been told of an incident. Times are epoch milliseconds. */
export interface Progress {
  /** `owed`: it should have been told, and nothing has arrived yet. */
  state: 'owed' | 'firing' | 'resolved';
  /** Cause and severity as they were told. */
  facts: string;
  /** When it was told last, and the time before that. */
  atMs: number;
  beforeMs: number;
  /** How often it was told unchanged since the last news. */
  repeats: number;
}

/** An incident as it stands. */
export interface Standing {
  state: 'open' | 'resolved';
  silenced: boolean;
  /** When it opened, this time. */
  openedMs: number;
  facts: string;
}

/** An incident that is no more: it has become a part of another, or is kept no longer. */
export interface Gone {
  state: 'gone';
  sinceMs: number;
}

/** A leader that has just begun may not know yet of what another has told: what seems gone is waited for so long. */
const goneWaitMs = 10_000;

export type Reason = Exclude<Notification['reason'], 'test'>;

/** What is to be told, and from when on. */
export interface Due {
  reason: Reason;
  atMs: number;
}

/**
 * What a receiver is to be told of an incident next: a pure function. Nothing while it is silenced; once it is not, what
 * was missed is made up for by how it stands then.
 */
export function dueOf(
  progress: Progress | undefined,
  standing: Standing | Gone,
  policy: Policy,
): Due | undefined {
  if (standing.state === 'gone')
    return progress?.state === 'firing' ? at('resolved', standing.sinceMs + goneWaitMs) : undefined;
  if (standing.silenced) {
    // Its own time-out would say that it is over.
    const isKept = policy.isState && standing.state === 'open' && progress?.state === 'firing';
    return isKept ? repeated(progress, policy) : undefined;
  }
  if (standing.state === 'resolved') {
    const isLate = progress?.state === 'owed' && policy.tellsLate;
    return progress?.state === 'firing' || isLate ? at('resolved', 0) : undefined;
  }
  const firstMs = standing.openedMs + policy.waitMs;
  if (progress === undefined) return at('opened', firstMs);
  if (progress.state !== 'firing') return at('opened', Math.max(firstMs, cameBackMs(progress, policy)));
  if (progress.facts !== standing.facts) return at('changed', progress.atMs + policy.intervalMs);
  return repeated(progress, policy);
}

/** What comes and goes is told twice in two intervals at most. */
function cameBackMs({ atMs, beforeMs }: Progress, { intervalMs }: Policy): number {
  return Math.max(atMs + intervalMs, beforeMs + 2 * intervalMs);
}

function repeated({ atMs }: Progress, { repeatMs }: Policy): Due | undefined {
  return repeatMs === 0 ? undefined : at('repeated', atMs + repeatMs);
}

function at(reason: Reason, atMs: number): Due {
  return { reason, atMs };
}

/** The progress after a first word could not be brought: what was told before that is not forgotten. */
export function owed(before: Progress | undefined): Progress {
  return { facts: '', atMs: 0, beforeMs: 0, repeats: 0, ...before, state: 'owed' };
}

/** The progress after a notification has arrived. */
export function told(before: Progress | undefined, reason: Reason, facts: string, nowMs: number): Progress {
  return {
    state: reason === 'resolved' ? 'resolved' : 'firing',
    facts,
    atMs: nowMs,
    // A repetition is no news.
    beforeMs: reason === 'repeated' ? (before?.beforeMs ?? 0) : (before?.atMs ?? 0),
    repeats: reason === 'repeated' ? (before?.repeats ?? 0) + 1 : 0,
  };
}
