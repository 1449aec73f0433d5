import { endId } from '@netring/contract/end';
import type { LocalService } from '@netring/contract/inventory';
import type { LiveRequest } from '@netring/contract/traffic';
import { TopologyMapper, type TrafficObservation } from '@netring/topology';
import type { Collector, SignalsOf, SignalValues } from '../collector.ts';

export interface Recording {
  collector: Collector;
  observations: TrafficObservation[];
  signals: { of: SignalsOf; values: SignalValues }[];
  requests: LiveRequest[];
  services: Map<string, readonly LocalService[]>;
  aliases: Map<string, readonly { ip: string; port: number; to_ip: string; to_port: number }[]>;
  taken: number;
  rejected: Map<string, number>;
  losses: readonly string[];
  states: string[];
  /** What listens on this host. */
  listeners: Map<string, string>;
  /** `source → target` of what was observed, sorted. */
  edges(): string[];
}

/** Keeps what a source hands in. Observations are judged by the real mapper. */
export function recordingCollector(): Recording {
  const mapper = new TopologyMapper();
  const recording: Recording = {
    ...{ observations: [], signals: [], requests: [], services: new Map(), aliases: new Map() },
    ...{ taken: 0, rejected: new Map(), losses: [], states: [], listeners: new Map() },
    edges: () =>
      recording.observations
        .map(({ source, destination, protocol }) => `${source.service} → ${destination.service} ${protocol}`)
        .sort(),
    collector: {
      observe(observation) {
        const outcome = mapper.observeTraffic(observation);
        if (outcome === 'taken') recording.observations.push(observation);
        return outcome;
      },
      callerId: (host) => endId({ kind: 'address', host }),
      calleeId: (host, port) => endId({ kind: 'address', host, ...(port === 0 ? {} : { port }) }),
      signals: (of, values) => void recording.signals.push({ of, values }),
      request: (request) => void recording.requests.push(request),
      skipsRequest: () => false,
      services: (source, services) => void recording.services.set(source, services),
      aliases: (source, aliases) => void recording.aliases.set(source, aliases),
      host: () => undefined,
      serviceAt: (address, port) => recording.listeners.get(`${address}:${port}`),
      serviceOfPid: () => undefined,
      processes: () => undefined,
      source: () => ({
        taken: (count) => void (recording.taken += count),
        rejected: (reason, count = 1) =>
          void recording.rejected.set(reason, (recording.rejected.get(reason) ?? 0) + count),
        state: (state, reason) =>
          void recording.states.push(reason === undefined ? state : `${state}: ${reason}`),
        losses: (sentences) => void (recording.losses = sentences),
        close: () => void recording.states.push('closed'),
      }),
    },
  };
  return recording;
}
