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
/** A proxy listens in a handful of places; a log that names more of them has something else there. */
const mostServers = 1024;

/**
 * The best of: the service that people named, where they said it listens, the process that has the file open, where the
 * line says it was asked, the name of the format. Several processes of one service are one; of several services none.
 */
export function proxyIdentity(
  collector: Collector,
  source: AccessLogSource,
  formatName: () => string,
): ProxyWatch {
  const listening = source.listen === undefined ? undefined : endOf(`address:${source.listen}`);
  const listen = listening?.kind === 'address' ? listening : undefined;
  let pids: readonly number[] = [];
  let isLooking = false;
  let refreshedMs = -Infinity;
  let service: string | undefined;
  let usual: ProxyEnds | undefined;
  const byServer = new Map<Upstream, ProxyEnds>();

  const identify = (): { service: string | undefined; identity: ProxyIdentity } => {
    const { host, port } = { host: listen?.host, port: listen?.port };
    const place = { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) };
    const name =
      source.service ??
      (host !== undefined && port !== undefined ? collector.serviceAt(host, port) : undefined) ??
      (listen === undefined ? serviceOf(pids, collector) : undefined);
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
  const look = async (): Promise<void> => {
    if (isLooking || source.service !== undefined || listen !== undefined) return;
    isLooking = true;
    pids = await writersOf(source.path);
    isLooking = false;
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
      void look();
    },
    refresh() {
      const nowMs = performance.now();
      if (nowMs - refreshedMs < refreshMs) return;
      refreshedMs = nowMs;
      if (usual !== undefined) update();
    },
  };
}

/** The one service that all of the processes belong to. */
function serviceOf(pids: readonly number[], collector: Collector): string | undefined {
  const names = new Set(pids.map((pid) => collector.serviceOfPid(pid)).filter((one) => one !== undefined));
  return names.size === 1 ? [...names][0] : undefined;
}
