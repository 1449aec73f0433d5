import { endOf } from '@netring/contract/end';
import type { Collector } from '../collector.ts';
import type { AccessLogSource } from './access-log-source.ts';
import type { Upstream } from './access-record.ts';
import { writersOf } from './log-writer.ts';
import { proxyEnds, proxyEndsAt, type ProxyEnds, type ProxyIdentity } from './proxy-ends.ts';

/** Which service writes a log. It may become known only while the log is read. */
export interface ProxyWatch {
  /** The proxy of a line; `server` is where the line says that it was asked. */
  endsAt: (server: Upstream | undefined) => ProxyEnds;
  /** Another file is read: somebody else may write it. */
  opened(): void;
  /** Asks again who it is, at most every few seconds. */
  refresh(): void;
}

/** Services become known within a scan of the sockets. */
const refreshMs = 5000;
/** Who writes is looked at anew: rarely, since that may be to look through all processes; sooner after a file was opened. */
const lookAgainMs = { first: 5000, longest: 60_000 };
/** A proxy listens in a handful of places; a log that names more of them has something else there. */
const mostServers = 1024;

/** Where to look, and on which clock, milliseconds. */
interface Surroundings {
  proc?: string;
  now?: () => number;
}

/**
 * The best of: the service that people named, where they said it listens, the process that has the file open, where the
 * line says it was asked, the name of the format. Several processes of one service are one; of several services none. A
 * process that is gone was still of its service, until it is known whose the next one is.
 */
export function proxyIdentity(
  collector: Collector,
  source: AccessLogSource,
  formatName: () => string,
  { proc = '/proc', now = () => performance.now() }: Surroundings = {},
): ProxyWatch {
  const listening = source.listen === undefined ? undefined : endOf(`address:${source.listen}`);
  const listen = listening?.kind === 'address' ? listening : undefined;
  const isByFile = source.service === undefined && listen === undefined;
  let pids: readonly number[] = [];
  let writer: string | undefined;
  let isLooking = false;
  let lookedMs = -Infinity;
  let againInMs = lookAgainMs.first;
  let refreshedMs = -Infinity;
  let service: string | undefined;
  let usual: ProxyEnds | undefined;
  const byServer = new Map<Upstream, ProxyEnds>();

  const writerNow = (): string | undefined => {
    const [one, another] = servicesOf(pids, collector);
    if (one !== undefined) writer = another === undefined ? one : undefined;
    return writer;
  };
  const identify = (): { service: string | undefined; identity: ProxyIdentity } => {
    const { host, port } = { host: listen?.host, port: listen?.port };
    const place = { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) };
    const name =
      source.service ??
      (host !== undefined && port !== undefined ? collector.serviceAt(host, port) : undefined) ??
      (listen === undefined ? writerNow() : undefined);
    if (name !== undefined) return { service: name, identity: { kind: 'service', name, ...place } };
    if (host !== undefined && port !== undefined) {
      const { network } = source;
      const known = network === undefined ? {} : { network };
      return { service: undefined, identity: { kind: 'address', host, port, ...known } };
    }
    return { service: undefined, identity: { kind: 'service', name: formatName() } };
  };
  const update = (): void => {
    const found = identify();
    const ends = proxyEnds(found.identity);
    if (usual?.id === ends.id && service === found.service) return;
    service = found.service;
    usual = ends;
    byServer.clear();
  };
  const look = async (isOtherFile: boolean): Promise<void> => {
    if (isLooking || !isByFile) return;
    isLooking = true;
    lookedMs = now();
    againInMs = isOtherFile ? lookAgainMs.first : Math.min(2 * againInMs, lookAgainMs.longest);
    try {
      // A process that has ended may have left its number to another one.
      const still = isOtherFile ? [] : await writersOf(source.path, proc, pids);
      pids = servicesOf(still, collector).size > 0 ? still : await writersOf(source.path, proc);
    } finally {
      isLooking = false;
    }
    // Before the first line nobody has asked, and its format may not be known.
    if (usual !== undefined) update();
  };

  return {
    endsAt(server) {
      if (usual === undefined) update();
      if (server === undefined || listen !== undefined) return usual as ProxyEnds;
      const known = byServer.get(server);
      if (known !== undefined) return known;
      const ends = proxyEndsAt(server, service);
      if (byServer.size >= mostServers) byServer.clear();
      byServer.set(server, ends);
      return ends;
    },
    opened() {
      void look(true);
    },
    refresh() {
      const nowMs = now();
      if (nowMs - refreshedMs < refreshMs) return;
      refreshedMs = nowMs;
      if (isByFile && nowMs - lookedMs >= againInMs) void look(false);
      else if (usual !== undefined) update();
    },
  };
}

/** The services that the processes belong to. */
function servicesOf(pids: readonly number[], collector: Collector): Set<string> {
  return new Set(pids.map((pid) => collector.serviceOfPid(pid)).filter((one) => one !== undefined));
}
