import { RouteHint, type Endpoint, type Protocol } from '@netring/topology';

/** What an end had to do with another one: most lines say the same of both again. */
export interface Hop {
  readonly other: Endpoint;
  readonly protocol: Protocol;
  readonly hint: RouteHint;
}

/** What observations of an end and another one share, the same as the last time when they are the same. */
export function hintOf(end: { hop?: Hop | undefined }, other: Endpoint, protocol: Protocol): RouteHint {
  const known = end.hop;
  if (known?.other === other && known.protocol === protocol) return known.hint;
  end.hop = { other, protocol, hint: new RouteHint() };
  return end.hop.hint;
}
