// The one place of the member that knows the client library, which has been renamed upstream.
export { Counter, Gauge, Histogram, Registry } from 'prom-client';
