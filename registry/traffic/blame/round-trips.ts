/** Bytes of the first flight: ten segments (RFC 6928) of 1,460 bytes. */
const firstFlightBytes = 10 * 1460;

/** What decides how often a request crosses the network. */
export interface Exchange {
  /** Of one request, on average. */
  bytesSent: number;
  bytesReceived: number;
  /** 0–1 of the requests. */
  onNewConnection: number;
  isTls: boolean;
}

/**
 * Round trips of one request: 1; 1 more on a new connection, 1 more for TLS 1.3; and what a long response (or request)
 * takes beyond its first flight of ten segments, doubling with every round trip.
 */
export function roundTrips({ bytesSent, bytesReceived, onNewConnection, isTls }: Exchange): number {
  const flights = flightsBeyondFirst(bytesReceived) + flightsBeyondFirst(bytesSent);
  return 1 + onNewConnection * (isTls ? 2 : 1) + flights;
}

/** 10 segments, then 20, 40, …: n flights carry 10 × (2^n − 1). */
function flightsBeyondFirst(bytes: number): number {
  if (!(bytes > firstFlightBytes)) return 0;
  return Math.ceil(Math.log2(bytes / firstFlightBytes + 1)) - 1;
}
