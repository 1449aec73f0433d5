import type { AlertSubject } from '@netring/contract/alert';
import type { GraphEvent } from '@netring/contract/topology';
import { finding, type Finding } from './finding.ts';
import type { Rules } from './rules.ts';

/** What is new or lost is told so long. */
const toldMs = 600_000;
/** A storm of them is told by its newest. */
const mostTold = 100;
/** Addresses that nobody knows come and go all day: they stand in the list of events, and alert nobody. */
const unknownEnd = /^(external|unresolved|host|gateway):/;

/**
 * Services and dependencies between services that are new or lost a little while ago. A service that is told of speaks for
 * its dependencies.
 */
export function newsFindings(events: readonly GraphEvent[], nowMs: number, rules: Rules): Finding[] {
  const recent = events.filter(({ at_ms, ...ends }) => nowMs - at_ms < toldMs && isKnown(ends));
  const services = new Set(
    recent.filter(({ kind }) => kind === 'service').map(({ id, change }) => `${change} ${id}`),
  );
  const isTold = ({ change, source_service, target_service }: GraphEvent) =>
    [source_service, target_service].some((id) => services.has(`${change} ${id}`));
  return recent
    .filter((one) => one.kind === 'service' || !isTold(one))
    .filter((one) => rules.has(`${one.kind}_${one.change}`))
    .slice(0, mostTold)
    .map(findingOf);
}

function isKnown({ id, kind, source_service = '', target_service = '' }: Omit<GraphEvent, 'at_ms'>): boolean {
  const ends = kind === 'service' ? [id] : [source_service, target_service];
  return ends.every((one) => !unknownEnd.test(one));
}

function findingOf({ kind, change, id, source_service, target_service, protocol }: GraphEvent): Finding {
  const subject: AlertSubject =
    kind === 'service'
      ? { service: id }
      : {
          dependency: id,
          ...(source_service !== undefined && { source_service }),
          ...(target_service !== undefined && { target_service }),
          ...(protocol !== undefined && { protocol }),
        };
  const what =
    kind === 'service'
      ? `the service ${id}`
      : `the dependency ${source_service} → ${target_service} (${protocol})`;
  const summary = change === 'new' ? `${what} is new` : `${what} was not seen for a quarter of an hour`;
  return finding({ rule: `${kind}_${change}`, subject, summary });
}
