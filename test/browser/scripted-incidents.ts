import type { Alert, AlertsAnswer, Incident } from '@netring/contract/alert';

const minute = 60_000;
const us1eu1 = { source_location: 'us1', target_location: 'eu1' };

/** An open incident of 40 ago: us1 → eu1 is slow at hop 5; but for what `but` says. */
export function slowHop(but: Partial<Incident> = {}): Incident {
  const startedMs = Date.now() - 35 * minute;
  return {
    id: 'slow-hop',
    cause: { kind: 'hop', subject: { ...us1eu1, hop_ip: '198.51.100.77' } },
    severity: 'warning',
    state: 'open',
    summary: 'us1 → eu1 is 80 ms slower than usual, added at hop 5 (198.51.100.77)',
    started_ms: startedMs,
    changed_ms: startedMs,
    alerts: ['latency us1 eu1', 'hop us1 eu1', 'bandwidth us1 eu1'],
    silenced: false,
    ...but,
  };
}

/** One that an operator keeps quiet. */
export function quietOne(): Incident {
  return slowHop({
    id: 'quiet',
    cause: { kind: 'location', subject: { location: 'ap1' } },
    severity: 'critical',
    summary: 'ap1 is cut off: planned work on its uplink',
    alerts: ['down ap1'],
    silenced: true,
  });
}

function alert(id: string, but: Partial<Alert>): Alert {
  const nowMs = Date.now();
  return {
    id,
    rule: 'loss',
    severity: 'warning',
    state: 'firing',
    subject: us1eu1,
    summary: id,
    pending_since_ms: nowMs - 36 * minute,
    firing_since_ms: nowMs - 35 * minute,
    silenced_by: [],
    ...but,
  };
}

/** What the registry tells of the alerts behind these incidents. */
export function alertsOf(incidents: Incident[]): AlertsAnswer {
  const nowMs = Date.now();
  const { firing_since_ms: _never, ...pending } = alert('loss us2 eu1', {
    state: 'pending',
    summary: 'us2 → eu1 loses 1.2 %',
    pending_since_ms: nowMs - 20_000,
  });
  return {
    now_ms: nowMs,
    incidents,
    alerts: [
      alert('latency us1 eu1', {
        rule: 'latency_above_baseline',
        summary: 'us1 → eu1 takes 163 ms, usually 83 ms',
        incident: 'slow-hop',
      }),
      alert('hop us1 eu1', {
        rule: 'high_hop_latency',
        summary: 'us1 → eu1: hop 5 (198.51.100.77) adds 80 ms',
        incident: 'slow-hop',
      }),
      alert('bandwidth us1 eu1', {
        rule: 'low_bandwidth',
        summary: 'us1 → eu1 carries 94 Mbit/s, under 100 Mbit/s',
        incident: 'slow-hop',
      }),
      pending,
      alert('down ap1', {
        rule: 'connectivity_down',
        severity: 'critical',
        summary: 'us1 → ap1 is down',
        subject: { source_location: 'us1', target_location: 'ap1' },
        incident: 'quiet',
        silenced_by: ['planned'],
      }),
      alert('route eu1 us2', {
        rule: 'route_changed',
        severity: 'info',
        state: 'resolved',
        subject: { source_location: 'eu1', target_location: 'us2' },
        summary: 'eu1 → us2 goes another way: hop 4 is 198.51.100.12',
        resolved_at_ms: nowMs - 50 * minute,
        firing_since_ms: nowMs - 60 * minute,
      }),
    ],
    silences: [
      {
        id: 'planned',
        kind: 'maintenance',
        matcher: { location: 'ap1' },
        from_ms: nowMs - 60 * minute,
        to_ms: nowMs + 60 * minute,
        comment: 'Work on the uplink of ap1',
        created_ms: nowMs - 90 * minute,
      },
    ],
  };
}
