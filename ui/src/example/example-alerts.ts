import type { Alert, Incident } from '@netring/contract/alert';
import { exampleNowMs } from './example-ring.ts';

/** An incident for tables in tests: open, a warning, of one location pair, but for what `but` says. */
export function exampleIncident(id: string, but: Partial<Incident> = {}): Incident {
  return {
    id,
    cause: { kind: 'direction', subject: { source_location: 'us1', target_location: 'eu1' } },
    severity: 'warning',
    state: 'open',
    summary: `${id} happened`,
    started_ms: exampleNowMs - 60_000,
    changed_ms: exampleNowMs - 60_000,
    alerts: [`${id}-alert`],
    silenced: false,
    ...but,
  };
}

/** An alert for tables in tests: firing for a minute, but for what `but` says. */
export function exampleAlert(id: string, but: Partial<Alert> = {}): Alert {
  return {
    id,
    rule: 'loss',
    severity: 'warning',
    state: 'firing',
    subject: {},
    summary: `${id} fires`,
    pending_since_ms: exampleNowMs - 90_000,
    firing_since_ms: exampleNowMs - 60_000,
    silenced_by: [],
    ...but,
  };
}
