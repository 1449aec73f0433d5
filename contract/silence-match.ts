import type { AlertSubject, Matcher, RuleName } from './alert.ts';

/** Every field given must match; `location` matches a member's, and either end of a path. */
export function matches(
  matcher: Matcher,
  { rule, subject }: { rule: RuleName; subject: AlertSubject },
): boolean {
  const { location, source_location, target_location, source, target, instance_id } = subject;
  const services = [subject.service, subject.source_service, subject.target_service];
  return (
    fits(matcher.rule, [rule]) &&
    fits(matcher.location, [location, source_location, target_location]) &&
    fits(matcher.source_location, [source_location]) &&
    fits(matcher.target_location, [target_location]) &&
    fits(matcher.instance_id, [instance_id, source, target]) &&
    fits(matcher.service, [...services, ...services.map(nameOf)])
  );
}

/** The name in the id of a service, `payments` of `eu1/payments`. */
function nameOf(id: string | undefined): string | undefined {
  return id?.slice(id.indexOf('/') + 1);
}

function fits(pattern: string | undefined, values: readonly (string | undefined)[]): boolean {
  if (pattern === undefined) return true;
  const isStart = pattern.endsWith('*');
  const text = isStart ? pattern.slice(0, -1) : pattern;
  return values.some((value) => value !== undefined && (isStart ? value.startsWith(text) : value === text));
}
