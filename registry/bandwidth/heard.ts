/**
 * Those that may be tested to, without members that are silent while another of their location is heard: the member tested
 * last keeps its location's tests, and a dead one would keep them by being tried.
 */
export function withoutSilent<T extends { location: string }>(
  targets: readonly T[],
  isHeard: (target: T) => boolean,
): T[] {
  const heard = new Set(targets.filter(isHeard));
  const locations = new Set([...heard].map(({ location }) => location));
  return targets.filter((one) => heard.has(one) || !locations.has(one.location));
}
