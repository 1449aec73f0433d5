import type { Alert, Matcher, Silence, SilenceRequest } from '@netring/contract/alert';
import { matches } from '@netring/contract/silence-match';
import { ageText, clockText } from '../words/age.ts';

/** What a person enters. Texts are as typed; empty ones match anything. */
export interface SilenceDraft {
  kind: Silence['kind'];
  matcher: Record<MatcherKey, string>;
  comment: string;
  author: string;
  /** From now until it begins, and from then until it ends, in minutes. */
  inMinutes: number;
  forMinutes: number;
}

export const matcherKeys = [
  'location',
  'source_location',
  'target_location',
  'instance_id',
  'service',
  'rule',
] as const satisfies readonly (keyof Matcher)[];
export type MatcherKey = (typeof matcherKeys)[number];

export const matcherWords: Record<MatcherKey, string> = {
  location: 'Location',
  source_location: 'From location',
  target_location: 'To location',
  instance_id: 'Member',
  service: 'Service',
  rule: 'Rule',
};

export const noDraft: SilenceDraft = {
  kind: 'silence',
  matcher: { location: '', source_location: '', target_location: '', instance_id: '', service: '', rule: '' },
  comment: '',
  author: '',
  inMinutes: 0,
  forMinutes: 120,
};

/** A draft that keeps exactly this alert quiet, and its like on the same path or member. */
export function draftFor({ rule, subject }: Pick<Alert, 'rule' | 'subject'>, author: string): SilenceDraft {
  const { source_location = '', target_location = '', location, instance_id = '' } = subject;
  const own = { source_location, target_location, instance_id, location: location ?? '' };
  const service = subject.service ?? subject.target_service ?? '';
  return { ...noDraft, author, matcher: { ...noDraft.matcher, ...own, service, rule } };
}

/** What is sent to the registry, or the sentence that says what is missing. */
export function requestOf(draft: SilenceDraft, nowMs: number): SilenceRequest | string {
  const matcher = matcherOf(draft);
  const [comment, author] = [draft.comment.trim(), draft.author.trim()];
  if (Object.keys(matcher).length === 0) return 'Say what it matches: one field at least.';
  if (comment === '') return 'Say why: whoever looks next wants to know.';
  if (!(draft.forMinutes > 0)) return 'Say for how long.';
  return {
    kind: draft.kind,
    matcher,
    duration_ms: Math.round(draft.forMinutes * 60_000),
    comment,
    ...(author !== '' && { author }),
    ...(draft.inMinutes > 0 && { from_ms: Math.round(nowMs + draft.inMinutes * 60_000) }),
  };
}

function matcherOf({ matcher }: SilenceDraft): Matcher {
  const given = matcherKeys.map((key) => [key, matcher[key].trim()] as const);
  return Object.fromEntries(given.filter(([, text]) => text !== ''));
}

/** The alerts, pending or firing, that a draft or a silence matches now. */
export function matchedNow(of: SilenceDraft | Pick<Silence, 'matcher'>, alerts: readonly Alert[]): Alert[] {
  const matcher = 'forMinutes' in of ? matcherOf(of) : of.matcher;
  if (Object.keys(matcher).length === 0) return [];
  return alerts.filter((alert) => alert.state !== 'resolved' && matches(matcher, alert));
}

/** `until 14:00, for 35 min more`, `begins 14:00, for 2 h`. */
export function timesOf({ from_ms: from, to_ms: to }: Silence, nowMs: number): string {
  if (from > nowMs) return `begins ${clockText(from, nowMs)}, for ${ageText(to - from)}`;
  return `until ${clockText(to, nowMs)}, for ${ageText(to - nowMs)} more`;
}
