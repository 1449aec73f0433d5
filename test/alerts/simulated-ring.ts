import type { MemberStatus, MemberView } from '@netring/contract/member';
import type { LocationPath, MemberPath, PathState } from '@netring/contract/path';
import { evaluate, nothingYet, type AlertState } from '@netring/registry/alerts/evaluate';
import { ruleDefaults, type Rules } from '@netring/registry/alerts/rules';
import type { Seen } from '@netring/registry/alerts/seen';
import { ruleNames } from '@netring/contract/alert';

/** A ring of sites as the registry sees it, one member each unless told otherwise, whose truth a test sets. */
export interface SimulatedRing {
  sites: readonly string[];
  /** Ways from one site to another that are cut, `us1>eu1`. */
  cut: Set<string>;
  /** Share of packets lost on a way. */
  loss: Map<string, number>;
  /** Sites whose members the registry does not hear: what they measure is not known either. */
  unheard: Set<string>;
  /** Members without their network, `us1-a`, whom the registry hears all the same. */
  cutMembers: Set<string>;
  seen(nowMs: number): Seen;
}

const timedOut = 'TCP connect timed out twice';
type Ends = Pick<LocationPath, 'source' | 'target'>;

const startMs = Date.UTC(2030, 0, 1);

/** The rules as they are without being configured. */
export const defaultRules: Rules = new Map(
  ruleNames.map((name) => {
    const { severity, forS, threshold } = ruleDefaults[name];
    const damping = { bad: 3, of: 30 };
    return [name, { name, severity, forMs: forS * 1000, threshold: threshold?.value ?? 0, damping }];
  }),
);

/** @param letters of the members at each site */
export function simulateRing(sites: readonly string[], letters: readonly string[] = ['a']): SimulatedRing {
  const cut = new Set<string>();
  const loss = new Map<string, number>();
  const unheard = new Set<string>();
  const cutMembers = new Set<string>();
  const heardAtMs = new Map<string, number>();
  return {
    sites,
    cut,
    loss,
    unheard,
    cutMembers,
    seen(nowMs) {
      for (const site of sites) if (!unheard.has(site)) heardAtMs.set(site, nowMs);
      const locationPaths = sites.flatMap((source) =>
        sites.filter((target) => target !== source).map((target) => pathOf(source, target, nowMs)),
      );
      return {
        nowMs,
        members: sites.flatMap((site) => letters.map((letter) => memberOf(site, letter, nowMs))),
        locationPaths,
        memberPathsOf: (path) => pairs(path).map(([source, target]) => memberPathOf(path, source, target)),
        baselinesOf: () => [],
        routeChanges: [],
        edges: [],
        graphEvents: [],
      };
    },
  };

  /** The members of both ends, each with each. */
  function pairs({ source, target }: Ends): [string, string][] {
    return letters.flatMap((one) =>
      letters.map((other): [string, string] => [`${source}-${one}`, `${target}-${other}`]),
    );
  }

  function isDown({ source, target }: Ends, from: string, to: string): boolean {
    return cut.has(`${source}>${target}`) || cutMembers.has(from) || cutMembers.has(to);
  }

  function memberOf(site: string, letter: string, nowMs: number): MemberView {
    const lastSeenMs = heardAtMs.get(site) ?? nowMs;
    const silentMs = nowMs - lastSeenMs;
    const status: MemberStatus = silentMs <= 30_000 ? 'online' : silentMs <= 300_000 ? 'stale' : 'offline';
    const others = sites.filter((one) => one !== site && !unheard.has(one));
    const reached = others.some((one) => !cut.has(`${one}>${site}`));
    return {
      instance_id: `${site}-${letter}`,
      location: site,
      ip: '192.0.2.1',
      port: 8757,
      last_seen: lastSeenMs / 1000,
      registered_at: startMs / 1000,
      status,
      proved: true,
      peers: others.length === 0 ? 'unknown' : reached ? 'reachable' : 'unreachable',
      external_targets: [],
      probes_off: [],
    };
  }

  /** Of a thousand questions, those that are lost on the way there, and those whose answer is on the way back. */
  function lostOf(source: string, target: string): { there: number; back: number } {
    const there = Math.round(1000 * (loss.get(`${source}>${target}`) ?? 0));
    const back = Math.round((1000 - there) * (loss.get(`${target}>${source}`) ?? 0));
    return { there, back };
  }

  /** A connection needs both ways: what is cut one way is down both ways, as TCP sees it. */
  function pathOf(source: string, target: string, nowMs: number): LocationPath {
    const atMs = heardAtMs.get(source) ?? nowMs;
    const { there, back } = lostOf(source, target);
    const lost = there + back;
    const all = pairs({ source, target });
    const down = all.filter(([from, to]) => isDown({ source, target }, from, to)).length;
    const isOld = nowMs - atMs > 25_000;
    const known: PathState = down === all.length ? 'down' : down + lost > 0 ? 'degraded' : 'ok';
    const state = isOld ? 'unknown' : known;
    const others = all.length - down;
    const counts = {
      ok: 0,
      degraded: 0,
      down,
      unknown: 0,
      unproved: 0,
      [lost > 0 ? 'degraded' : 'ok']: others,
    };
    const unknown = { ok: 0, degraded: 0, down: 0, unknown: all.length, unproved: 0 };
    return {
      source,
      target,
      target_kind: 'member',
      state,
      reasons: state === 'down' ? [timedOut] : [],
      answering: true,
      at_ms: atMs,
      paths: isOld ? unknown : counts,
      checks: [{ kind: 'udp', state, p50_ms: 80, sent: 1000, lost, at_ms: atMs }],
    };
  }

  function memberPathOf(path: LocationPath, from: string, to: string): MemberPath {
    const { source, target, answering, target_kind } = path;
    const { sent = 0, lost = 0 } = path.checks[0] ?? {};
    const { there, back } = lostOf(source, target);
    const known: PathState = isDown(path, from, to) ? 'down' : lost > 0 ? 'degraded' : 'ok';
    const state = path.state === 'unknown' ? 'unknown' : known;
    const window = { duration_ms: 60_000, checks: 0, failed: 0, voided: 0, sent, lost };
    return {
      source: from,
      source_location: source,
      target: to,
      target_location: target,
      target_kind,
      state,
      reasons: state === 'down' ? [timedOut] : [],
      answering,
      proved: true,
      checks: [
        {
          kind: 'udp',
          outcome: 'ok',
          at_ms: path.at_ms ?? 0,
          state,
          forward_lost: there,
          return_lost: back,
          window,
        },
      ],
    };
  }
}

/** Looks once a second for so many seconds, changing the ring before each look. */
export function watchFor(
  seconds: number,
  ring: Pick<SimulatedRing, 'seen'>,
  change: (second: number) => void = () => undefined,
  { from = nothingYet, rules = defaultRules, onLook = (_: AlertState) => undefined }: WatchOptions = {},
): AlertState {
  let state = from;
  const beganMs = from.lookedAtMs === 0 ? startMs : from.lookedAtMs + 1000;
  for (let second = 0; second < seconds; second++) {
    change(second);
    const nowMs = beganMs + second * 1000;
    state = evaluate(state, ring.seen(nowMs), { rules, elapsedMs: 1000, emptied: false });
    onLook(state);
  }
  return state;
}

export interface WatchOptions {
  from?: AlertState;
  rules?: Rules;
  onLook?: (state: AlertState) => void;
}

export const openOf = ({ incidents }: AlertState) => incidents.filter(({ state }) => state === 'open');

/** Cuts all ways to and from a site. */
export function isolate(ring: SimulatedRing, site: string): void {
  for (const other of ring.sites) if (other !== site) cutBothWays(ring, site, other);
}

export function cutBothWays(ring: SimulatedRing, a: string, b: string): void {
  ring.cut.add(`${a}>${b}`).add(`${b}>${a}`);
}
