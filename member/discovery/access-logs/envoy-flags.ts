/** What Envoy's response flags say of a request (Envoy's manual, "Response flags"). */
export interface EnvoyFlags {
  /** The upstream gave no whole answer: no connection, broken off, or too late. */
  failed: boolean;
  /** The client went away first. */
  clientGone: boolean;
  /** Envoy asked nobody: no route, no healthy host, or too many requests under way. */
  notAsked: boolean;
}

const failedFlags = new Set(['UF', 'UC', 'UR', 'UT', 'LR', 'URX', 'UPE', 'SI']);
const goneFlags = new Set(['DC', 'DR']);
const notAskedFlags = new Set(['NR', 'UH', 'UO', 'NC', 'RL', 'UAEX', 'DI', 'FI']);
const none: EnvoyFlags = { failed: false, clientGone: false, notAsked: false };

export function envoyFlags(text: string | undefined): EnvoyFlags {
  if (text === undefined || text === '' || text === '-') return none;
  const all = text.split(',');
  const has = (flags: ReadonlySet<string>): boolean => all.some((one) => flags.has(one));
  return { failed: has(failedFlags), clientGone: has(goneFlags), notAsked: has(notAskedFlags) };
}
