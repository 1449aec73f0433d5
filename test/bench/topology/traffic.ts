import type { TrafficObservation } from '@netring/topology';

export const serviceCount = 1000;
export const dependencyCount = 5000;
/** A hundred thousand requests a second: a bucket of 10 s holds a million. */
const perMs = 100;
const startMs = 1_767_225_600_000;

const hosts = Array.from(
  { length: serviceCount },
  (_, n) => `${(n * 7919 + 46_656).toString(36)}-svc.internal`,
);
const paths = ['/users', '/api/orders', '/cart/12', '/', '/search/results', '/api/v1/items'];

/**
 * The n-th observation of a stream that touches every dependency, in no order that a cache could guess: every object
 * in it is new. Each dependency has a latency of its own, spread by half and with a tail of one in a hundred.
 */
export function observationMaker(clientPorts: number): (n: number) => TrafficObservation {
  let state = 12_345;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const dependency = (state >>> 8) % dependencyCount;
    const source = dependency % serviceCount;
    const target = (source + 1 + Math.floor(dependency / serviceCount) * 37) % serviceCount;
    const spread = ((state >>> 4) & 255) / 255;
    const usualMs = 2 + (dependency % 97);
    return {
      timestamp_ms: startMs + n / perMs,
      source: { host: hosts[source] as string, port: 32_768 + (state % clientPorts) },
      destination: { host: hosts[target] as string, port: 8080 },
      protocol: 'http',
      bytes_sent: 1024,
      bytes_received: 2048 + (state & 1023),
      latency_ms: usualMs * (0.75 + spread / 2) * ((state & 127) === 1 ? 10 : 1),
      status_code: (state & 127) === 0 ? 500 : 200,
      method: 'GET',
      path: paths[state % paths.length],
      evidence: 'log',
    };
  };
}
