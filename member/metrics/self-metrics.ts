import type { CollectingFigures } from '../discovery/index.ts';
import type { OutboxFigures } from '../outbox/index.ts';
import type { ProbeState, Pulse } from '../probe/index.ts';
import { flag } from './flag.ts';
import { Counter, Gauge, type Registry } from './prometheus.ts';

/** What a member tells Prometheus of itself, read when asked. */
export interface MemberFacts {
  membersCount: number;
  outbox: OutboxFigures;
  registryTrouble: string | undefined;
  registrySilentMs: number | undefined;
  eventLoopDelayMs: number;
  probes: ProbeState;
  /** Absent where discovery is off. */
  discovery: CollectingFigures | undefined;
}

/** What is read from `facts` at each scrape. */
export function selfMetrics(registers: Registry[], facts: () => MemberFacts): void {
  const gauge = (name: string, help: string, read: (facts: MemberFacts) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read(facts()));
      },
    });
  const counter = (name: string, help: string, read: (facts: MemberFacts) => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read(facts()));
      },
    });
  gauge('netring_members_total', 'The other members known.', (f) => f.membersCount);
  gauge('netring_registry_reachable', '1 while the registry takes what this member sends.', (f) =>
    flag(f.registryTrouble === undefined),
  );
  gauge('netring_registry_silence_seconds', 'Since the registry last answered; -1 when it never did.', (f) =>
    f.registrySilentMs === undefined ? -1 : f.registrySilentMs / 1000,
  );
  gauge(
    'netring_outbox_buckets',
    'Buckets of results that the registry does not have in full.',
    (f) => f.outbox.waiting,
  );
  counter(
    'netring_outbox_dropped_buckets_total',
    'Buckets given up because the outbox was full.',
    (f) => f.outbox.dropped,
  );
  counter(
    'netring_outbox_dropped_records_total',
    'Traces and bandwidth tests given up because there were too many.',
    (f) => f.outbox.droppedRecords,
  );
  counter(
    'netring_reports_given_up_total',
    'Reports that the registry called invalid.',
    (f) => f.outbox.givenUp,
  );
  counter(
    'netring_report_records_refused_total',
    'Records that the registry refused.',
    (f) => f.outbox.refused,
  );
  gauge(
    'netring_event_loop_delay_seconds',
    "99th percentile of the agent's event-loop delay.",
    (f) => f.eventLoopDelayMs / 1000,
  );
  gauge(
    'netring_probe_event_loop_delay_seconds',
    "99th percentile of the probe process's event-loop delay.",
    (f) => (pulseOf(f)?.eventLoopDelayMs ?? 0) / 1000,
  );
  gauge('netring_probe_process_up', '1 while the probe process runs.', (f) => flag(f.probes.kind === 'up'));
  counter(
    'netring_probe_process_restarts_total',
    'How often the probe process had to be started again.',
    (f) => f.probes.restarts,
  );
  gauge(
    'netring_probe_process_cpu_seconds',
    'CPU time of the running probe process.',
    (f) => pulseOf(f)?.cpuSeconds ?? 0,
  );
  gauge(
    'netring_probe_process_resident_memory_bytes',
    'Resident memory of the probe process.',
    (f) => pulseOf(f)?.residentBytes ?? 0,
  );
  counter('process_cpu_seconds_total', 'CPU time of the agent.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  gauge('process_resident_memory_bytes', 'Resident memory of the agent.', () => process.memoryUsage.rss());
  const startedS = Date.now() / 1000 - process.uptime();
  gauge('process_start_time_seconds', 'When the agent started, epoch seconds.', () => startedS);
}

function pulseOf({ probes }: MemberFacts): Pulse | undefined {
  return probes.kind === 'up' ? probes.pulse : undefined;
}
