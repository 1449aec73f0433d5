export type { Measured } from './confirm.ts';
export { startProbeProcess, type ProbeProcess, type ProbeState } from './forked.ts';
export type { Off, Orders, Pulse, UdpOrders } from './messages.ts';
export { udpKeys } from './udp-message.ts';
export type { TraceOrder } from './traceroute-desk.ts';
export type { Options, RoundKind, Target } from './probe.ts';
export { type BandwidthOrder, type BandwidthRun } from './bandwidth.ts';
export { type FromBandwidth, type ToBandwidth } from './bandwidth-duty.ts';
export { type Admitted } from './bandwidth-far.ts';
export {
  accepted,
  openStream,
  bandwidthPath,
  protocolName,
  roleHeader,
  roles,
  ticketHeader,
  type Role,
} from './bandwidth-wire.ts';
