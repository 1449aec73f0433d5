export { isAddress, isInside, normalHost } from './address.ts';
export { escapeDot, escapeHtml, escapeJson, escapeMarkdown, escapeTerminal } from './escape.ts';
export { mergeHistograms, percentile, type Histogram } from './histogram.ts';
export {
  createTrafficObservation,
  evidences,
  type Endpoint,
  type Evidence,
  type ObservationInput,
  type TrafficObservation,
} from './observation.ts';
export { protocolOfPort, protocols, serviceTypes, type Protocol, type ServiceType } from './protocol.ts';
export {
  TopologyMapper,
  type BatchOutcome,
  type MergeOutcome,
  type ObservationOutcome,
  type TopologyWindow,
} from './mapper.ts';
