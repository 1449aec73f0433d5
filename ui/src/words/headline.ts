import type { AlertSubject, Incident } from '@netring/contract/alert';
import type { Connection } from '../live/connection.ts';
import type { Picture } from '../live/picture.ts';
import { ageText, clockText } from './age.ts';
import { coverageHeadline, plain } from './coverage-headline.ts';
import { crossingPhrases } from './crossing.ts';
import { incidentSeverity, worstIncident } from './incident.ts';
import { counted } from './measure.ts';
import { phraseText, type Phrase } from './phrase.ts';
import { severityOrder, type Severity, type Trouble } from './trouble.ts';

/** `still`: the picture stands still, so it says nothing of now. */
export type Tone = 'ok' | Severity | 'still';

/** The sentence on top of the page. */
export interface Headline {
  tone: Tone;
  /** Of the trouble it tells, else the sentence without its ages. */
  key: string;
  /** The sentence without its ages: it changes when the meaning changes, and is then announced. */
  spoken: string;
  text: Phrase[];
  /** The second line: why, what else, or on how much the sentence stands. */
  detail: Phrase[];
  /** The location pair it speaks of. */
  pair?: NonNullable<Trouble['pair']>;
  /** The service or dependency that it speaks of, by id. */
  opens?: { kind: 'service' | 'dependency'; id: string };
}

/**
 * What a human would say from what is known at `nowMs` (epoch milliseconds). Never green without measurements behind it. `services`: how much of the
 * services is seen and judged, where that is known.
 */
export function headlineOf(
  picture: Picture | undefined,
  troubles: readonly Trouble[],
  connection: Connection,
  nowMs: number,
  services?: string,
): Headline {
  if (picture === undefined || connection.kind === 'denied') return withoutPicture(connection);
  if (connection.kind === 'lost') return standingStill(connection, nowMs);
  if (picture.store.state === 'away') return storeAway(picture, nowMs);
  const [worst] = troubles;
  const incident = worstIncident(picture.incidents);
  if (incident !== undefined && outranks(incident, worst)) {
    return incidentHeadline(incident, picture.incidents, troubles, nowMs);
  }
  const incidents = picture.incidents.filter(({ silenced }) => !silenced).length;
  if (worst !== undefined && worst.severity !== 'unknown') return told(worst, troubles, incidents, nowMs);
  if (worst !== undefined && picture.coverage.measured > 0) return told(worst, troubles, incidents, nowMs);
  return coverageHeadline(picture, troubles, nowMs, services);
}

function withoutPicture(connection: Connection): Headline {
  switch (connection.kind) {
    case 'denied':
      return plain('unknown', 'This registry shows its picture to those who know the view token');
    case 'lost':
      return plain('unknown', 'The registry cannot be reached', connection.reason);
    default:
      return plain('unknown', 'Asking the registry …');
  }
}

function standingStill({ sinceMs, reason }: Connection & { kind: 'lost' }, nowMs: number): Headline {
  const since = sinceMs === undefined ? '' : ` since ${clockText(sinceMs, nowMs)}`;
  const ago = sinceMs === undefined ? '' : `, ${ageText(nowMs - sinceMs)} ago`;
  const spoken = 'No word from the registry: the picture stands still';
  return {
    tone: 'still',
    key: spoken,
    spoken,
    text: [`No word from the registry${since}: the picture stands still`],
    detail: [`What you see was true then${ago}. `, { said: reason }, '. Trying again by itself.'],
  };
}

function storeAway(picture: Picture, nowMs: number): Headline {
  const { since_ms: sinceMs, reason } = picture.store;
  const why: Phrase[] = reason === undefined ? [] : [' ', { said: reason }];
  const spoken = "The registry's store is away: the picture stands still";
  return {
    tone: 'still',
    key: spoken,
    spoken,
    text: [`The registry's store is away since ${clockText(sinceMs, nowMs)}: the picture stands still`],
    detail: [`What you see was true then, ${ageText(nowMs - sinceMs)} ago.`, ...why],
  };
}

function told(worst: Trouble, troubles: readonly Trouble[], incidents: number, nowMs: number): Headline {
  const since = worst.sinceMs === undefined ? '' : ` since ${clockText(worst.sinceMs, nowMs)}`;
  const why: Phrase[] = worst.why === undefined ? [] : [{ said: worst.why }];
  const more = troubles.length - 1 + incidents;
  const also = more > 0 ? [`${why.length > 0 ? ' · ' : ''}and ${more} more below`] : [];
  return {
    tone: worst.severity,
    key: worst.key,
    spoken: phraseText(worst.text),
    text: insertSince(worst.text, since),
    detail: [...why, ...also],
    ...(worst.pair && { pair: worst.pair }),
    ...(worst.dependency !== undefined && { opens: { kind: 'dependency', id: worst.dependency } }),
  };
}

/** An incident names its cause, so it goes before trouble that is no worse. What is only worth knowing is no headline. */
function outranks(incident: Incident, worst: Trouble | undefined): boolean {
  const severity = incidentSeverity(incident);
  if (severity === 'info') return false;
  return worst === undefined || severityOrder[severity] <= severityOrder[worst.severity];
}

function incidentHeadline(
  incident: Incident,
  incidents: readonly Incident[],
  troubles: readonly Trouble[],
  nowMs: number,
): Headline {
  const { summary, started_ms: sinceMs, alerts } = incident;
  const severity = incidentSeverity(incident);
  const crossing = crossingPhrases(incident);
  const more = incidents.filter(({ silenced }) => !silenced).length - 1 + troubles.length;
  const also = more > 0 ? [` · and ${more} more below`] : [];
  return {
    tone: severity === 'info' ? 'warn' : severity,
    key: `incident ${incident.id}`,
    spoken: phraseText([{ said: summary }]),
    text: [
      { said: summary },
      `, since ${clockText(sinceMs, nowMs)}`,
      ...(crossing.length > 0 ? ['; ', ...crossing] : []),
    ],
    detail: [`For ${ageText(nowMs - sinceMs)} · ${counted(alerts.length, 'alert')}`, ...also],
    ...whereTo(incident.cause.subject),
  };
}

/** What an incident or an alert is about, to be opened: a dependency before the locations that it runs between. */
export function whereTo(subject: AlertSubject): Pick<Headline, 'pair' | 'opens'> {
  const { dependency, service, source_location: source, target_location: target, external } = subject;
  if (dependency !== undefined) return { opens: { kind: 'dependency', id: dependency } };
  if (service !== undefined) return { opens: { kind: 'service', id: service } };
  if (source === undefined || target === undefined) return {};
  return { pair: { source, kind: external === true ? 'external' : 'member', target } };
}

/** `… is down since 14:02: all 3 paths …`: the time stands before the explanation after a colon. */
function insertSince(text: readonly Phrase[], since: string): Phrase[] {
  const at = text.findIndex((phrase) => typeof phrase === 'string' && phrase.includes(':'));
  if (at < 0) return [...text, since];
  const before = text[at] as string;
  const colon = before.indexOf(':');
  return [...text.slice(0, at), before.slice(0, colon) + since + before.slice(colon), ...text.slice(at + 1)];
}
