import type { GraphDependency, GraphService } from '@netring/contract/graph';
import type { ServiceGraph } from '../map/graph.ts';
import { counted } from './measure.ts';
import { listed, type Phrase } from './phrase.ts';
import { causesFirst, behindOf, type Behind, type Told } from './service-causes.ts';
import type { About, Trouble } from './trouble.ts';

type Graph = Pick<ServiceGraph, 'services' | 'dependencies'>;

interface Naming {
  nameOf: (id: string) => Phrase[];
  behind: Behind;
  graph: Graph;
}

/**
 * What is wrong with services and their dependencies. Whoever is in trouble in itself is told once, however many call it, and
 * before those that call it and are in trouble, too.
 */
export function serviceTroubles(graph: Graph): Trouble[] {
  const bad = [...graph.dependencies.values()].filter(isBad).sort(busiestFirst);
  const naming: Naming = { nameOf: namesIn(graph), behind: behindOf(bad), graph };
  const own = new Map<string, GraphDependency[]>();
  const told: Told[] = [];
  for (const one of bad) {
    const { verdict } = one.blame;
    if (one.health === 'failing' || (verdict !== 'application' && verdict !== 'both'))
      told.push({ callee: one.target_service, trouble: ofDependency(one, naming) });
    else own.set(one.target_service, [...(own.get(one.target_service) ?? []), one]);
  }
  for (const [callee, calls] of own) told.push({ callee, trouble: ofService(callee, calls, naming) });
  return causesFirst(told, naming.behind);
}

/** How much of the services is seen and judged, as a sentence; `undefined` where nothing is seen. */
export function servicesSentence(graph: Graph): string | undefined {
  // `blamed`: what the map marks as worth a look, slower than its own past and not slow by any measure.
  let [active, judged, bad, blamed] = [0, 0, 0, 0];
  for (const one of graph.dependencies.values()) {
    if (one.activity !== 'active') continue;
    active += 1;
    if (one.health !== 'unknown') judged += 1;
    if (isBad(one)) bad += 1;
    else if (isBlamed(one)) blamed += 1;
  }
  if (active === 0) return undefined;
  const all = counted(active, 'dependency', 'dependencies');
  if (judged === 0) return `${all} of services seen, none judged yet`;
  const found = bad === 0 ? 'none slow or failing' : `${bad} slow or failing`;
  const slower = blamed === 0 ? '' : `, ${blamed} slower than usual`;
  return judged === active
    ? `${all} of services, ${found}${slower}`
    : `${judged} of ${all} of services judged, ${found}${slower}`;
}

function isBlamed({ blame: { verdict } }: GraphDependency): boolean {
  return verdict === 'network' || verdict === 'application' || verdict === 'both';
}

function isBad(one: GraphDependency): boolean {
  const { health, activity } = one;
  if (activity === 'gone') return false;
  return health === 'slow' || health === 'failing' || isMuchSlower(one) || isBlamedUntimed(one);
}

/** Nobody timed a request: what connections show is enough for the callee; for the network where its path is in trouble, too. */
function isBlamedUntimed(one: GraphDependency): boolean {
  const { blame, path } = one;
  if (!isBlamed(one) || blame.shares !== undefined) return false;
  return blame.verdict !== 'network' || path.state === 'degraded' || path.state === 'down';
}

/** Beyond what is usual: the least that is worth a word at night. As the alert on slow dependencies has it. */
const muchSlower = { share: 0.25, ms: 2 };

/** Slow by its own past, however quick it may be by itself. */
function isMuchSlower(one: GraphDependency): boolean {
  const { shares, usual } = one.blame;
  if (!isBlamed(one) || shares === undefined || usual === undefined) return false;
  return shares.total_ms - usual.total_ms >= Math.max(muchSlower.ms, muchSlower.share * usual.total_ms);
}

function ofDependency(one: GraphDependency, { nameOf, behind, graph }: Naming): Trouble {
  const call = [...nameOf(one.source_service), ' → ', ...nameOf(one.target_service)];
  const failing = one.health === 'failing';
  return {
    severity: failing ? 'bad' : 'warn',
    key: `dependency ${one.health} ${one.id}`,
    text: [
      ...call,
      failing ? failsText(one) : ' is slow',
      ...whoseFault(one),
      ...alsoBehind(one.target_service, behind, nameOf),
    ],
    ...sinceOf([one]),
    ...whyOf(one),
    dependency: one.id,
    about: [{ ...aboutOf(one, graph), ...overOf(one, graph) }],
  };
}

/** A service that is slow in itself. */
function ofService(
  id: string,
  calls: readonly GraphDependency[],
  { nameOf, behind, graph }: Naming,
): Trouble {
  const [first] = calls as [GraphDependency];
  const [reason] = first.blame.reasons;
  const callers = calls.length > 1 ? `, for ${counted(calls.length, 'caller')}` : '';
  // Whose fault it is has been said.
  const said: Phrase[] = reason === undefined ? [] : [': ', { said: reason.replace(/^application: /, '') }];
  return {
    severity: 'warn',
    key: `service slow ${id}`,
    text: [
      ...nameOf(id),
      first.blame.shares === undefined && first.health !== 'slow' ? ' is in trouble' : ' is slow',
      ` in itself${callers}`,
      ...said,
      networkUnder(calls),
      ...alsoBehind(id, behind, nameOf),
    ],
    ...sinceOf(calls),
    dependency: first.id,
    about: calls.map((one) => aboutOf(one, graph)),
  };
}

/** What a service calls itself that is in trouble, too: that may be why, and may not. */
function alsoBehind(id: string, behind: Behind, nameOf: (id: string) => Phrase[]): Phrase[] {
  const called = [...(behind.get(id) ?? [])].map(nameOf);
  return called.length === 0 ? [] : ['; what it calls is in trouble too: ', ...listed(called, 2)];
}

/** What is known of the network under calls that are slow by the application. Said to be fine only where it was measured. */
function networkUnder(calls: readonly GraphDependency[]): string {
  if (calls.some(({ blame }) => blame.verdict === 'both')) return '; the network under it is slow, too';
  const states = new Set(calls.map(({ path }) => (path.kind === 'local' ? 'ok' : path.state)));
  if (states.has('down') || states.has('degraded')) return '; the path under it is in trouble, too';
  return states.has('unknown') ? '; the network under it is not measured' : '; the network under it is fine';
}

function failsText({ server_errors, transport_failures, request_count }: GraphDependency): string {
  const failed = server_errors + transport_failures;
  return failed === 0
    ? ' fails'
    : ` fails: ${failed} of ${counted(Math.max(failed, request_count), 'request')}`;
}

function whoseFault(one: GraphDependency): Phrase[] {
  switch (one.blame.verdict) {
    case 'application':
      return [`, by ${one.health === 'failing' ? 'the application' : 'itself'}`, networkUnder([one])];
    case 'network':
      return [', by the network'];
    case 'both':
      return [', by network and application'];
    default:
      return [one.health === 'failing' ? '' : ', whose fault is not known'];
  }
}

function whyOf({ blame }: GraphDependency): { why?: string } {
  const [why] = blame.reasons;
  if (why === undefined || blame.verdict === 'none') return {};
  return { why: blame.verdict === 'unknown' ? `whose fault it is is not known: ${why}` : why };
}

function sinceOf(calls: readonly GraphDependency[]): { sinceMs?: number } {
  const since = Math.min(...calls.map(({ blame }) => blame.since_ms ?? Infinity));
  return Number.isFinite(since) ? { sinceMs: since } : {};
}

/** Where the network is blamed, the locations: an incident there tells of it. */
function overOf(one: GraphDependency, { services }: Graph): { over?: { source: string; target: string } } {
  const [source, target] = [one.source_service, one.target_service].map((id) => services.get(id)?.location);
  if (one.blame.verdict !== 'network' || source === undefined || target === undefined) return {};
  return { over: { source, target } };
}

function aboutOf(one: GraphDependency, { services }: Graph): Extract<About, { dependency: string }> {
  const [from, to] = [one.source_service, one.target_service].map((id) => services.get(id)?.location);
  return {
    dependency: one.id,
    services: [one.source_service, one.target_service],
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    isOwn: one.blame.verdict === 'application',
  };
}

/** By the name of a service; with its location where another one is called the same. */
function namesIn({ services }: Graph): (id: string) => Phrase[] {
  const bearers = new Map<string, number>();
  for (const { service_name: name } of services.values()) bearers.set(name, (bearers.get(name) ?? 0) + 1);
  return (id) => {
    const one: GraphService | undefined = services.get(id);
    if (one === undefined) return [{ name: id }];
    const where: Phrase[] =
      one.location !== undefined && (bearers.get(one.service_name) ?? 0) > 1
        ? [' in ', { name: one.location }]
        : [];
    return [{ name: one.service_name }, ...where];
  };
}

function busiestFirst(one: GraphDependency, other: GraphDependency): number {
  return other.request_count - one.request_count || (one.id < other.id ? -1 : 1);
}
