/** States of sockets as the kernel numbers them (`include/net/tcp_states.h`). */
export const socketState = { established: 1, timeWait: 6, unconnected: 7, listen: 10 } as const;

/**
 * One socket as the kernel describes it. A parser fills the same row again and again: what must last is copied. What the
 * source of the row does not tell is 0, and `hasInfo` says whether the statistics are there at all.
 */
export interface SocketRow {
  state: number;
  /** 0 while nobody has accepted it, and of a socket without a process. */
  inode: number;
  /** The kernel's own number of a socket, never used twice; 0 where it is not told: then the inode has to do. */
  cookie: number;
  localPort: number;
  remotePort: number;
  /** Of a listener on the IPv6 wildcard: whether it refuses IPv4. */
  isV6Only: boolean;
  /** Bytes that were sent and not acknowledged; of a listener the length that its queue may have. */
  sendQueue: number;
  /** Whether the numbers below were told. */
  hasInfo: boolean;
  rttUs: number;
  minRttUs: number;
  /** Bytes handed to the network, those sent again among them. 0 before Linux 4.19. */
  bytesSent: number;
  bytesAcked: number;
  bytesReceived: number;
  bytesRetransmitted: number;
  retransmits: number;
  busyUs: number;
  rwndLimitedUs: number;
  sndbufLimitedUs: number;
  /** Path in the second hierarchy of control groups; empty when it is not told. */
  cgroup: string;
  /** As text, an IPv4 address in IPv6 as IPv4, without zone. `*` is the wildcard of both families. */
  localAddress(): string;
  remoteAddress(): string;
}

/** The numbers of a row without statistics. */
export const noInfo = {
  hasInfo: false,
  rttUs: 0,
  minRttUs: 0,
  bytesSent: 0,
  bytesAcked: 0,
  bytesReceived: 0,
  bytesRetransmitted: 0,
  retransmits: 0,
  busyUs: 0,
  rwndLimitedUs: 0,
  sndbufLimitedUs: 0,
  cgroup: '',
} as const;

/** Takes rows as they are read. */
export type RowSink = (row: SocketRow) => void;
