import { expect, it } from 'vitest';
import { roundTrips } from './round-trips.ts';

const small = { bytesSent: 300, bytesReceived: 2_000, onNewConnection: 0, isTls: false };

it.each([
  { name: 'a small exchange on a kept connection', exchange: {}, trips: 1 },
  { name: 'a new connection', exchange: { onNewConnection: 1 }, trips: 2 },
  { name: 'a new connection with TLS 1.3', exchange: { onNewConnection: 1, isTls: true }, trips: 3 },
  { name: 'half of them new', exchange: { onNewConnection: 0.5 }, trips: 1.5 },
  { name: 'ten segments', exchange: { bytesReceived: 14_600 }, trips: 1 },
  { name: 'eleven', exchange: { bytesReceived: 14_601 }, trips: 2 },
  { name: 'thirty segments are two flights', exchange: { bytesReceived: 43_800 }, trips: 2 },
  { name: 'a megabyte', exchange: { bytesReceived: 1_000_000 }, trips: 7 },
])('$name: $trips', ({ exchange, trips }) => {
  expect(roundTrips({ ...small, ...exchange })).toBe(trips);
});
