import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { memberStatuses } from '@netring/contract/member';
import { pathStates } from '@netring/contract/path';
import type { RingTls } from '@netring/service/ring-tls';
import type { AlertBoard, Delivery } from './alerts/index.ts';
import type { ApiMetrics } from './api/index.ts';
import type { Follower } from './changes/index.ts';
import type { Broadcast, Stage } from './live/index.ts';
import type { Picture } from './paths/index.ts';
import type { Traffic } from './traffic/index.ts';

/** Gauges of the metrics library that are called like counters; each has a twin, with its parts, that is not. */
const misnamed = [
  'nodejs_active_resources_total',
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
];

/** What the registry tells Prometheus of itself. The only file that knows the metrics library. */
export function createMetrics(rooms: {
  stage: Stage;
  picture: Picture;
  follower: Follower;
  broadcast: Broadcast;
  alerts: AlertBoard;
  delivery: Pick<Delivery, 'receivers' | 'counts'>;
  traffic: Pick<Traffic, 'series' | 'live'>;
  tls: RingTls;
}): ApiMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
  const registers = [registry];
  const reports = new Counter({
    name: 'netring_registry_reports_total',
    help: 'Reports received, by what became of them.',
    labelNames: ['outcome'],
    registers,
  });
  const results = new Counter({
    name: 'netring_registry_records_total',
    help: 'Path records of reports, taken or refused.',
    labelNames: ['outcome'],
    registers,
  });
  const refusals = new Counter({
    name: 'netring_registry_refused_total',
    help: 'Records of reports that were refused, by the list they stood in.',
    labelNames: ['of'],
    registers,
  });
  new Gauge({
    name: 'netring_registry_unresolved_services',
    help: 'Nodes of the service graph that several services claim.',
    registers,
    collect() {
      this.set(rooms.traffic.live().metadata.unresolved);
    },
  });
  memberGauges(registers, rooms.stage);
  pathGauges(registers, rooms.picture);
  coverageGauges(registers, rooms);
  alertGauges(registers, rooms.alerts, rooms.stage);
  notificationSeries(registers, rooms.delivery);
  certificateGauge(registers, rooms.tls);
  new Gauge({
    name: 'netring_registry_store_up',
    help: 'Whether the store answers.',
    registers,
    collect() {
      this.set(rooms.follower.storeState().state === 'ok' ? 1 : 0);
    },
  });
  new Gauge({
    name: 'netring_registry_event_listeners',
    help: 'Dashboards and others that listen at /events.',
    registers,
    collect() {
      this.set(rooms.broadcast.listeners());
    },
  });
  return {
    refused(of, count) {
      if (count > 0) refusals.inc({ of }, count);
    },
    report(outcome, records, refused) {
      reports.inc({ outcome });
      if (records > 0) results.inc({ outcome: 'taken' }, records);
      if (refused > 0) results.inc({ outcome: 'refused' }, refused);
    },
    // The graph's counters add up what others counted, which the library does not provide for.
    text: async () => ({
      contentType: registry.contentType,
      body: `${(await registry.metrics()).trimEnd()}\n${rooms.traffic.series()}`,
    }),
  };
}

function memberGauges(registers: Registry[], stage: Stage): void {
  new Gauge({
    name: 'netring_registry_members',
    help: 'Members kept, by status.',
    labelNames: ['status'],
    registers,
    collect() {
      const members = stage.members();
      for (const status of memberStatuses)
        this.set({ status }, members.filter((one) => one.status === status).length);
    },
  });
  new Gauge({
    name: 'netring_member_last_seen_timestamp',
    help: 'When a member was last heard, seconds since the epoch.',
    labelNames: ['location', 'instance_id'],
    registers,
    collect() {
      // Series of members no longer kept go with them.
      this.reset();
      for (const { location, instance_id, last_seen } of stage.members())
        this.set({ location, instance_id }, last_seen);
    },
  });
}

function coverageGauges(registers: Registry[], { picture, stage }: { picture: Picture; stage: Stage }): void {
  // First, since metrics are asked in this order: it looks once for all of them.
  new Gauge({
    name: 'netring_registry_pairs',
    help: 'Ordered member pairs: all there are, those the fixed part of the plan probes, and those with a fresh result.',
    labelNames: ['part'],
    registers,
    collect() {
      const {
        pairs,
        least_in_degree,
        unmeasured_location_pairs,
        oldest: list,
      } = picture.planCoverage(stage.lookedAtMs());
      for (const part of ['all', 'planned', 'measured'] as const) this.set({ part }, pairs[part]);
      leastInDegree.set(least_in_degree);
      unmeasured.set(unmeasured_location_pairs.length);
      oldest.set((list.find((one) => one.age_ms !== undefined)?.age_ms ?? 0) / 1000);
    },
  });
  const leastInDegree = new Gauge({
    name: 'netring_registry_least_in_degree',
    help: 'The fewest members that probe any one member, by the fixed part of the plan.',
    registers,
  });
  const unmeasured = new Gauge({
    name: 'netring_registry_unmeasured_location_pairs',
    help: 'Ordered pairs of locations without a fresh result, counted up to 100.',
    registers,
  });
  const oldest = new Gauge({
    name: 'netring_registry_oldest_result_age_seconds',
    help: 'Age of the newest result of that planned pair whose result is the oldest.',
    registers,
  });
}

function pathGauges(registers: Registry[], picture: Picture): void {
  new Gauge({
    name: 'netring_registry_location_paths',
    help: 'Location paths, by state.',
    labelNames: ['state'],
    registers,
    collect() {
      const paths = picture.locationPaths();
      for (const state of pathStates) this.set({ state }, paths.filter((one) => one.state === state).length);
    },
  });
}

function alertGauges(registers: Registry[], alerts: AlertBoard, stage: Stage): void {
  new Gauge({
    name: 'netring_alerts',
    help: 'Alerts that pend or fire, by rule and state. Silenced ones count as well.',
    labelNames: ['rule', 'state'],
    registers,
    collect() {
      this.reset();
      for (const { rule, state } of alerts.answer(stage.lookedAtMs()).alerts)
        if (state !== 'resolved') this.inc({ rule, state });
    },
  });
  new Gauge({
    name: 'netring_incidents',
    help: 'Incidents that are open.',
    registers,
    collect() {
      this.set(alerts.openIncidents(stage.lookedAtMs()).length);
    },
  });
}

function certificateGauge(registers: Registry[], tls: RingTls): void {
  // Without TLS there is no series, and no metric of no use.
  if (tls.ends().length === 0) return;
  new Gauge({
    name: 'netring_tls_certificate_expiry_timestamp_seconds',
    help: 'When a certificate in use ends, seconds since the epoch: that which is shown (own), and the CA (ca).',
    labelNames: ['certificate'],
    registers,
    collect() {
      this.reset();
      for (const { which, untilMs } of tls.ends()) this.set({ certificate: which }, untilMs / 1000);
    },
  });
}

function notificationSeries(registers: Registry[], delivery: Pick<Delivery, 'receivers' | 'counts'>): void {
  new Counter({
    name: 'netring_notifications_total',
    help: 'Notifications sent by this replica, by receiver and what became of them; the leader alone sends.',
    labelNames: ['receiver', 'outcome'],
    registers,
    collect() {
      this.reset();
      for (const { receiver, outcome, count } of delivery.counts()) this.inc({ receiver, outcome }, count);
    },
  });
  // First of two: it asks once for both.
  new Gauge({
    name: 'netring_notifications_pending',
    help: 'Notifications that are due and did not arrive yet, by receiver.',
    labelNames: ['receiver'],
    registers,
    collect() {
      this.reset();
      lastSuccess.reset();
      for (const { receiver, pending, last_success_ms } of delivery.receivers()) {
        this.set({ receiver }, pending);
        if (last_success_ms !== undefined) lastSuccess.set({ receiver }, last_success_ms / 1000);
      }
    },
  });
  const lastSuccess = new Gauge({
    name: 'netring_notification_last_success_timestamp_seconds',
    help: 'When a receiver last took a notification, seconds since the epoch.',
    labelNames: ['receiver'],
    registers,
  });
}
