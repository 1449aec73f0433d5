import { afterEach, describe, expect, test } from 'vitest';
import { call } from './call.ts';
import { startRegistry } from './start-registry.ts';
import { join } from './test-member.ts';
import { patienceMs, until } from '../ring/until.ts';
import {
  alertmanagerUnavailableReason,
  startAlertmanager,
  type AlertmanagerMessage,
} from '../alerts/alertmanager.ts';
import { startReceiver } from '../alerts/http-receiver.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const reason = alertmanagerUnavailableReason();
describe.skipIf(reason !== undefined)(
  `a real Alertmanager${reason === undefined ? '' : `: ${reason}`}`,
  () => {
    test('is told of an incident and of its end, in its own words', async () => {
      const hook = await startReceiver(200);
      closing.push(() => hook.close());
      const alertmanager = await startAlertmanager(hook.url);
      closing.push(() => alertmanager.stop());
      const registry = await startRegistry({
        environment: {
          NETRING_ALERT_CONNECTIVITY_DOWN_FOR: '1',
          NETRING_ALERT_BAD_LOOKS: '2',
          NETRING_ALERT_OF_LOOKS: '3',
          NETRING_ALERT_GROUP_WAIT: '1',
          NETRING_ALERTMANAGER_URLS: alertmanager.url,
          NETRING_PUBLIC_URL: 'https://netring.example.com',
        },
      });
      closing.push(() => registry.stop());
      const ann = await join(registry.url, 'ann', { location: 'us1', port: 1 });
      const bob = await join(registry.url, 'bob', { location: 'eu1', port: 2 });
      await Promise.all([ann.report({ bob: 'timeout' }), bob.report({ ann: 'timeout' })]);
      const messages = () => hook.received.map(({ body }) => JSON.parse(body) as AlertmanagerMessage);
      const told = (status: AlertmanagerMessage['status']) =>
        until(
          `Alertmanager to tell of ${status}`,
          patienceMs,
          () => Promise.resolve(messages().find((one) => one.status === status)),
          () => JSON.stringify(messages()),
        );
      const { value: firing } = await told('firing');
      expect(firing.alerts.map(({ labels }) => labels)).toEqual([
        {
          alertname: 'NetringConnectivityDown',
          severity: 'warning',
          cause: 'location_pair',
          incident: firing.groupLabels.incident,
          source_location: expect.any(String) as string,
          target_location: expect.any(String) as string,
        },
      ]);
      const [{ labels, annotations }] = firing.alerts as [AlertmanagerMessage['alerts'][number]];
      expect([labels.source_location, labels.target_location].sort()).toEqual(['eu1', 'us1']);
      expect(annotations.summary).toBe('eu1 and us1 do not reach each other: both ways are down');
      expect(annotations.description).toContain('us1 → eu1 is down');

      await Promise.all([ann.report({ bob: 'ok' }), bob.report({ ann: 'ok' })]);
      const { value: over } = await told('resolved');
      expect(over.alerts.map((one) => [one.status, one.labels])).toEqual([['resolved', labels]]);
      expect(messages()).toHaveLength(2);
      const { text } = await call(registry.url, '/metrics');
      expect(text).toMatch(
        /netring_notifications_total\{receiver="alertmanager-127\.0\.0\.1-[0-9a-f]{6}",outcome="failed"\} 0/,
      );
    });
  },
);
