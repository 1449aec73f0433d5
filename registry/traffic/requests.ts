import { endOf } from '@netring/contract/end';
import type { AccessLogItem, RequestsSeen } from '@netring/contract/graph';
import type { LiveRequest, LiveRequests } from '@netring/contract/traffic';
import { dependencyId } from './drawing/index.ts';
import type { Resolving } from './resolving.ts';

/** Requests as they happen: a sample that passes through and is kept nowhere. */
export interface RequestStream {
  take(member: string, requests: LiveRequests, offsetMs: number): void;
  /** What came since the last call; `undefined` when nothing did. */
  flush(nowMs: number): RequestsSeen | undefined;
}

/** Shown at once: more than anybody can see, and 30 kB. */
export const mostAtOnce = 100;

/**
 * @param locationOf where a member is
 * @param protocolOf what is spoken between two services, where only one protocol is
 */
export function createRequestStream(
  resolving: Resolving,
  locationOf: (member: string) => string | undefined,
  protocolOf: (source: string, target: string) => string | undefined,
): RequestStream {
  let items: AccessLogItem[] = [];
  let seen = 0;

  function itemOf(member: string, one: LiveRequest, offsetMs: number): AccessLogItem | undefined {
    const { resolver } = resolving.current();
    const atMs = Math.round(one.at_ms + offsetMs);
    const source = resolver.end(member, one.source, true, 'http', atMs);
    const target = resolver.end(member, one.target, false, 'http', atMs);
    if (source === undefined || target === undefined) return undefined;
    const protocol = protocolOf(source.node.id, target.node.id);
    return {
      network: one.network ?? networkOf(one) ?? locationOf(member) ?? '',
      from: source.node.name,
      to: target.node.name,
      source_service: source.node.id,
      target_service: target.node.id,
      ...(protocol !== undefined && {
        dependency: dependencyId(source.node.id, target.node.id, protocol),
      }),
      ...(one.method !== undefined && { method: one.method }),
      ...(one.path !== undefined && { path: one.path.split(/[?#]/, 1)[0] as string }),
      ...(one.status !== undefined && { status: one.status }),
      ...(one.duration_ms !== undefined && { duration_ms: one.duration_ms }),
      at_ms: atMs,
      ingress: one.ingress ?? (!source.node.inside && target.node.inside),
    };
  }

  return {
    take(member, requests, offsetMs) {
      seen += Math.max(requests.seen, requests.sample.length);
      for (const one of requests.sample) {
        if (items.length >= mostAtOnce) break;
        const item = itemOf(member, one, offsetMs);
        if (item !== undefined) items.push(item);
      }
    },
    flush(nowMs) {
      if (seen === 0) return undefined;
      const told = { now_ms: nowMs, seen, items };
      items = [];
      seen = 0;
      return told;
    },
  };
}

function networkOf({ source, target }: LiveRequest): string | undefined {
  for (const id of [target, source]) {
    const end = endOf(id);
    if (end?.kind === 'address' && end.network !== undefined) return end.network;
  }
  return undefined;
}
