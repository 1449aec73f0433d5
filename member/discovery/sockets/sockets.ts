import { readFileSync } from 'node:fs';
import type { Logger } from '@netring/service/log';
import type { Collector } from '../collector.ts';
import { place } from './address.ts';
import { createFlows, isInsideOnly } from './flows.ts';
import { hostFacts } from './host-facts.ts';
import { ownProcesses } from './own-processes.ts';
import { createScanner, type ScanOutcome } from './scanner.ts';
import type { ContainerName } from './service-groups.ts';
import { standingOf } from './standing.ts';
import { averageCost, childrenCpuMs, createStopwatch, intervalFor } from './throttle.ts';

/** What a look cost and when the next one is. */
export interface LookDone {
  /** Processor time of the look, its commands among it, milliseconds. */
  costMs: number;
  /** From its beginning to its end. */
  tookMs: number;
  intervalMs: number;
  outcome: ScanOutcome;
}

export interface SocketDiscoveryOptions {
  collector: Collector;
  intervalMs: number;
  log: Logger;
  /** Only what listens at these addresses, or calls from them, for several members on one machine. */
  onlyAddresses?: readonly string[];
  /** What another source knows of a container; the collector's own merging does without. */
  containerName?: (id: string) => ContainerName | undefined;
  /** Processes whose traffic is the ring's own: this one and all it has started, when absent. */
  ownPids?: () => ReadonlySet<number>;
  /** Places, `ip:port`, that are the ring's own or only measured: the registry, targets of probes. */
  ownPlaces?: () => ReadonlySet<string>;
  onLook?: (done: LookDone) => void;
  /** For tests. */
  proc?: string;
  ss?: string;
}

export interface SocketDiscovery {
  /** Resolves when nothing runs any more; a look under way hands in nothing. */
  stop(): Promise<void>;
}

/**
 * Looks at the sockets of this host every `intervalMs`, in all network namespaces it may enter, and hands what it finds
 * to the collector. Never throws: what it cannot see stands in its book.
 */
export function startSocketDiscovery(options: SocketDiscoveryOptions): SocketDiscovery {
  const { collector, intervalMs, log, proc = '/proc' } = options;
  const stopwatch = createStopwatch();
  const only = new Set(options.onlyAddresses ?? []);
  const ownPids = options.ownPids ?? (() => ownProcesses());
  const ownPlaces = options.ownPlaces ?? (() => new Set<string>());
  let places: ReadonlySet<string> = new Set();
  let own: ReadonlySet<number> = new Set();
  const isOwnPlace = (address: string, port: number): boolean =>
    places.size > 0 && places.has(place(address, port));
  const scanner = createScanner({
    collector: quietAfterStop(collector, () => stopped),
    stopwatch,
    proc,
    ss: options.ss ?? 'ss',
    containerName: options.containerName ?? (() => undefined),
    ownPids: () => own,
    isOwnPlace,
    onlyAddresses: only,
    isEphemeral: ephemeralPorts(proc),
  });
  const book = collector.source('sockets', 'kernel');
  const conntrackBook = collector.source('conntrack', `${proc}/net/nf_conntrack`);
  const flows = createFlows(
    {
      collector,
      proc,
      isOwn: (flow) =>
        isOwnPlace(flow.target, flow.targetPort) ||
        isOwnPlace(flow.destination, flow.destinationPort) ||
        isOwnListener(flow.target, flow.targetPort, flow.transport),
      serviceAt: serviceAt,
      isWanted: (flow) =>
        !isInsideOnly(flow) && (only.size === 0 || only.has(flow.target) || only.has(flow.source)),
    },
    () => conntrackBook,
  );
  let stopped = false;
  let cost: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let lastConntrack: 'read' | 'empty' | 'absent' = 'absent';

  function serviceAt(address: string, port: number, transport: 'tcp' | 'udp'): string | undefined {
    const listener = scanner.namespaces.anyListenerAt(address, port, transport);
    return listener === undefined ? undefined : scanner.services.ofListener(listener);
  }
  function isOwnListener(address: string, port: number, transport: 'tcp' | 'udp'): boolean {
    const pid = scanner.namespaces.anyListenerAt(address, port, transport)?.pid;
    return pid !== undefined && own.has(pid);
  }

  const tellHost = (): void => {
    const { host } = hostFacts();
    collector.host(only.size === 0 ? host : { name: host.name, addresses: [...only] });
  };

  const look = async (): Promise<number> => {
    const childrenBefore = childrenCpuMs();
    stopwatch.take();
    const startedMs = performance.now();
    places = ownPlaces();
    own = stopwatch.time(ownPids);
    const outcome = await scanner.scan();
    if (stopped) return intervalMs;
    stopwatch.time(() => {
      tellHost();
      collector.services('sockets', scanner.services.all());
      collector.processes(scanner.services.processes());
      if (lastConntrack === 'read') flows.note(outcome.look.arrived);
      lastConntrack = flows.look(outcome.atMs, outcome.look.closed);
      collector.aliases('sockets', [...outcome.aliases, ...flows.aliases()]);
    });
    const costMs = stopwatch.take() + childrenCpuMs() - childrenBefore;
    cost = averageCost(cost, costMs);
    const nextMs = intervalFor(intervalMs, cost);
    tell(outcome, nextMs);
    options.onLook?.({ costMs, tookMs: performance.now() - startedMs, intervalMs: nextMs, outcome });
    return nextMs;
  };

  const tell = (outcome: ScanOutcome, nextMs: number): void => {
    if (outcome.told > 0) book.taken(outcome.told, outcome.atMs);
    for (const [why, count] of outcome.leftOut) book.rejected(why, count);
    const bad = outcome.look.reads.reduce((sum, { outcome: one }) => sum + ('bad' in one ? one.bad : 0), 0);
    if (bad > 0) book.rejected('no_socket', bad);
    const facts = { intervalMs: nextMs, wantedMs: intervalMs, costMs: cost ?? 0, conntrack: lastConntrack };
    const standing = standingOf(outcome, facts);
    book.state(standing.state, standing.reason);
    book.losses(standing.losses);
    if (lastConntrack === 'read') conntrackBook.state('ok');
    else conntrackBook.state('off', conntrackReason(lastConntrack));
  };

  const run = async (): Promise<void> => {
    let nextMs = intervalMs;
    const startedMs = performance.now();
    try {
      nextMs = await look();
    } catch (error) {
      book.state('off', `looking at sockets failed: ${(error as Error).message}`);
      log.error({ reason: (error as Error).message }, 'looking at sockets failed');
    }
    if (stopped) return;
    timer = setTimeout(start, Math.max(100, nextMs - (performance.now() - startedMs)));
  };
  const start = (): void => {
    looking = run();
  };
  start();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
      book.close();
      conntrackBook.close();
    },
  };
}

/** The ports that the kernel chooses callers' from (ip_local_port_range). */
function ephemeralPorts(proc: string): (port: number) => boolean {
  let [low, high] = [32_768, 60_999];
  try {
    const [from, to] = readFileSync(`${proc}/sys/net/ipv4/ip_local_port_range`, 'utf8')
      .trim()
      .split(/\s+/)
      .map(Number);
    if (from !== undefined && to !== undefined && from > 0 && to >= from) [low, high] = [from, to];
  } catch {
    // The default holds.
  }
  return (port) => port >= low && port <= high;
}

function conntrackReason(state: 'empty' | 'absent'): string {
  return state === 'empty'
    ? 'the kernel tracks no connections in this namespace'
    : 'it cannot be read: load nf_conntrack, and give CAP_NET_ADMIN';
}

/** After a stop nothing is handed in. */
function quietAfterStop(collector: Collector, isStopped: () => boolean): Collector {
  return {
    ...collector,
    observe: (observation) => (isStopped() ? 'sampled_out' : collector.observe(observation)),
    signals: (of, values) => {
      if (!isStopped()) collector.signals(of, values);
    },
  };
}
