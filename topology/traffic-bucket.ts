import type { Evidence } from './observation.ts';
import type { Histogram } from './histogram.ts';
import type { Protocol, ServiceType } from './protocol.ts';

/** A listener in a {@link TrafficBucket}. */
export interface BucketListener {
  host: string;
  port: number;
  protocol: Protocol;
  first_seen_ms: number;
  last_seen_ms: number;
}

/** A service that something in a {@link TrafficBucket} refers to. */
export interface BucketService {
  id: string;
  name: string;
  network?: string;
  inside: boolean;
  first_seen_ms: number;
  listeners: BucketListener[];
  type?: ServiceType;
  tags?: Record<string, string>;
  metadata?: Record<string, unknown>;
}

/** What one kind of evidence counted of one dependency in a {@link TrafficBucket}. */
export interface BucketDependency {
  /** Indexes into `services`. */
  source: number;
  target: number;
  protocol: Protocol;
  evidence: Evidence;
  /** The filter that it falls under, such as `health_check`. */
  filter?: string;
  requests: number;
  client_errors: number;
  server_errors: number;
  client_gone: number;
  transport_failures: number;
  bytes_sent: number;
  bytes_received: number;
  latency_sum_ms: number;
  latency_count: number;
  latency_max_ms: number;
  api_requests: number;
  /** Requests of which nobody said whether they failed. */
  unjudged: number;
  first_seen_ms: number;
  last_seen_ms: number;
  latency: Histogram;
}

/**
 * What one reporter has seen in one stretch of time *so far*: state, not increments. Merging it again, or an older one
 * after a newer one, changes nothing; those of several reporters add up. Plain data, fit for JSON.
 */
export interface TrafficBucket {
  version: 1;
  /** Who saw it. After a restart that lost its counts a reporter needs another name. */
  reporter: string;
  /** Epoch milliseconds. */
  start_ms: number;
  /** 0 for one that holds all time. */
  duration_ms: number;
  /** Observations taken, with their weights, those of weight 0 as one each; of two states the one with more is newer. */
  observations: number;
  services: BucketService[];
  dependencies: BucketDependency[];
}
