import { readFileSync } from 'node:fs';
import type { AddressAlias } from '@netring/contract/inventory';
import { protocolOfPort, type TrafficObservation } from '@netring/topology';
import type { Collector, SourceBook } from '../collector.ts';
import { isLoopback } from './address.ts';
import type { Connection } from './connection.ts';
import { aliasOf, parseConntrack, type Flow } from './conntrack.ts';

/** Aliases kept, and for how many looks after the last flow that showed one. */
const mostAliases = 2000;
const aliasLooks = 720;
/** Flows remembered so that each counts once. */
const mostRemembered = 200_000;
/** A connection that sockets have shown is not counted again for so many looks after its end. */
const closedLooks = 30;
/** Under these states a TCP flow has been open, and `ss` shows it no more. */
const overStates = new Set(['TIME_WAIT', 'CLOSE', 'CLOSE_WAIT', 'LAST_ACK', 'FIN_WAIT']);

export interface FlowsNeeds {
  collector: Pick<Collector, 'observe'>;
  proc: string;
  /** Whether the flow is measurement, or part of the ring itself. */
  isOwn(flow: Flow): boolean;
  /** The service of this host that listens there. */
  serviceAt(address: string, port: number, transport: 'tcp' | 'udp'): string | undefined;
  isWanted(flow: Flow): boolean;
}

/** Learns from connection tracking what sockets cannot show: short flows, and translated addresses. */
export interface Flows {
  /** Whether the kernel's table can be read and has entries; says what came of it. */
  look(atMs: number, closed: readonly Connection[]): 'read' | 'empty' | 'absent';
  /** Whether sockets have shown this connection. */
  note(opened: readonly Connection[]): void;
  aliases(): AddressAlias[];
}

export function createFlows(needs: FlowsNeeds, book: () => SourceBook): Flows {
  const seen = new Map<string, number>();
  const told = new Map<string, number>();
  const aliases = new Map<string, { alias: AddressAlias; look: number }>();
  let look = 0;
  let isFirst = true;

  const take = (flow: Flow, atMs: number): 'told' | 'own' | 'known' => {
    const alias = aliasOf(flow);
    if (alias !== undefined && (aliases.size < mostAliases || aliases.has(keyOf(alias))))
      aliases.set(keyOf(alias), { alias, look });
    const key = tupleOf(flow.source, flow.sourcePort, flow.target, flow.targetPort);
    const original = tupleOf(flow.source, flow.sourcePort, flow.destination, flow.destinationPort);
    if (told.has(key)) {
      told.set(key, look);
      return 'known';
    }
    if (seen.has(key) || seen.has(original)) return 'known';
    if (flow.transport === 'tcp' && !overStates.has(flow.state)) return 'known';
    if (!flow.isAnswered || told.size >= mostRemembered) return 'known';
    told.set(key, look);
    // What was there before we were is no news.
    if (isFirst || !needs.isWanted(flow)) return 'known';
    if (needs.isOwn(flow)) return 'own';
    needs.collector.observe(observationOf(flow, atMs, needs));
    return 'told';
  };

  return {
    note(opened) {
      for (const one of opened) seen.set(bothWays(one), Infinity);
    },
    look(atMs, closed) {
      look++;
      for (const one of closed) seen.set(bothWays(one), look);
      let text: string;
      try {
        text = readFileSync(`${needs.proc}/net/nf_conntrack`, 'latin1');
      } catch {
        return 'absent';
      }
      const counts = { told: 0, own: 0, known: 0 };
      const bad = parseConntrack(text, (flow) => counts[take(flow, atMs)]++);
      if (counts.told > 0) book().taken(counts.told, atMs);
      if (counts.own > 0) book().rejected('own_traffic', counts.own);
      if (bad > 0) book().rejected('no_flow', bad);
      isFirst = false;
      for (const [key, at] of told) if (at < look) told.delete(key);
      for (const [key, at] of seen) if (at < look - closedLooks) seen.delete(key);
      for (const [key, one] of aliases) if (one.look < look - aliasLooks) aliases.delete(key);
      return text.trim() === '' ? 'empty' : 'read';
    },
    aliases: () => [...aliases.values()].map(({ alias }) => alias),
  };
}

function observationOf(flow: Flow, atMs: number, needs: FlowsNeeds): TrafficObservation {
  const name = needs.serviceAt(flow.target, flow.targetPort, flow.transport);
  return {
    timestamp_ms: atMs,
    source: { host: flow.source, port: 0 },
    destination: {
      host: flow.target,
      port: flow.targetPort,
      ...(name === undefined ? {} : { service: `service:${name}` }),
    },
    protocol: protocolOfPort(flow.targetPort, flow.transport),
    bytes_sent: flow.bytesSent,
    bytes_received: flow.bytesReceived,
    evidence: 'flow',
  };
}

/** A flow that never leaves a namespace is only known inside it. */
export function isInsideOnly({ source, target }: Flow): boolean {
  return isLoopback(source) || isLoopback(target);
}

/** The caller first, whichever end was seen. */
function bothWays(one: Connection): string {
  const { localAddress: here, localPort, remoteAddress: there, remotePort } = one;
  return one.role === 'caller'
    ? tupleOf(here, localPort, there, remotePort)
    : tupleOf(there, remotePort, here, localPort);
}

function tupleOf(source: string, sourcePort: number, target: string, targetPort: number): string {
  return `${source} ${sourcePort} ${target} ${targetPort}`;
}

function keyOf({ ip, port }: AddressAlias): string {
  return `${ip} ${port}`;
}
