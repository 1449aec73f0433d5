/** Everything that grows has a bound; what lies beyond is counted and shown. */
export interface Limits {
  /** Services known at one time. Further ones are folded into one service `others`. */
  services: number;
  /** Tracks (a dependency as one kind of evidence shows it) known at one time. Observations of further ones are refused. */
  dependencies: number;
  /** Listeners kept for a service and for a host, and hosts for a service. Further ones are only counted. */
  endpoints: number;
  /** Hosts whose service is remembered; those of further ones is worked out again each time. */
  hosts: number;
}

/** About 100 MB at the most, with the default retention. */
export const defaultLimits: Limits = { services: 10_000, dependencies: 50_000, endpoints: 64, hosts: 50_000 };
