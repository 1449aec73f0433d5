import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { notification, type Notification, type NotifiedAlert } from '@netring/contract/notification';
import { describe, expect, test } from 'vitest';
import { encodeAlertmanager, type Part } from './alertmanager.ts';
import { testOf } from './desk.ts';
import { masked, receiversOf } from './receiver.ts';
import { deliverySettings, type DeliveryConfig } from './settings.ts';
import { encodeSlack } from './slack.ts';
import { encodeWebhook } from './webhook.ts';

const nowMs = Date.UTC(2030, 0, 1);

const slowHop: NotifiedAlert = {
  name: 'NetringHighLatencyHop',
  rule: 'high_hop_latency',
  severity: 'warning',
  state: 'firing',
  summary: 'hop 2 (10.2.0.1) on the way us1 → eu1 adds 151 ms',
  subject: { source_location: 'us1', target_location: 'eu1', hop_ip: '10.2.0.1' },
  value: 151,
  threshold: 100,
  unit: 'ms',
  firing_since_ms: nowMs - 5_000,
};
const down = (source: string, target: string): NotifiedAlert => ({
  name: 'NetringConnectivityDown',
  rule: 'connectivity_down',
  severity: 'warning',
  state: 'firing',
  summary: `${source} → ${target} is down`,
  subject: { source_location: source, target_location: target },
  firing_since_ms: nowMs - 5_000,
});

function firing(alerts: NotifiedAlert[], more: Partial<Notification> = {}): Notification {
  return {
    version: 1,
    key: 'k',
    state: 'firing',
    reason: 'opened',
    at_ms: nowMs,
    summary: 'the sentence',
    incident: {
      id: 'i1',
      cause: { kind: 'location_pair', subject: { source_location: 'us1', target_location: 'eu1' } },
      severity: 'warning',
      started_ms: nowMs - 60_000,
    },
    alerts,
    more_alerts: 0,
    url: 'https://netring.example.com/#page=alerts',
    ...more,
  };
}

describe('a webhook', () => {
  test('gets what the contract says, signed when there is a secret', () => {
    const { body, headers } = encodeWebhook(firing([slowHop]), 'a-secret-of-16-chars');
    expect(notification.parse(JSON.parse(body))).toEqual(firing([slowHop]));
    const seconds = nowMs / 1000;
    const mac = createHmac('sha256', 'a-secret-of-16-chars').update(`${seconds}.${body}`).digest('hex');
    expect(headers).toEqual({ 'netring-notification': 'k', 'netring-signature': `t=${seconds},v1=${mac}` });
    expect(encodeWebhook(firing([]), undefined).headers).toEqual({ 'netring-notification': 'k' });
  });

  test('gets what docs/alerts.md shows', async () => {
    const docs = await readFile(new URL('../../../docs/alerts.md', import.meta.url), 'utf8');
    const [, shown = ''] = /### The JSON of a webhook\n\n```json\n(.*?)```/s.exec(docs) ?? [];
    const read = JSON.parse(shown) as object;
    expect(notification.parse(read)).toEqual(read);
  });

  test('gets a test that is by the contract too', () => {
    expect(notification.safeParse(testOf(nowMs, undefined)).error).toBeUndefined();
  });
});

describe('Slack', () => {
  const textOf = (one: Notification) =>
    JSON.parse(encodeSlack(one).body) as { text: string; attachments?: { text: string }[] };

  test('reads the sentence, the alerts and where to look', () => {
    expect(textOf(firing([slowHop]))).toEqual({
      text: '*Warning:* the sentence <https://netring.example.com/#page=alerts|Open Netring>',
      attachments: [
        { color: '#c77700', text: `NetringHighLatencyHop: ${slowHop.summary.replace('→', '→')}` },
      ],
    });
  });

  test('reads some of many alerts, and how many more there are', () => {
    const many = Array.from({ length: 8 }, (_, at) => down(`s${at}`, 'eu1'));
    const lines = textOf(firing(many, { more_alerts: 30 })).attachments?.[0]?.text.split('\n') ?? [];
    expect([lines.length, lines.at(-1)]).toEqual([6, 'and 33 more']);
  });

  test('reads that it is over, and nothing else', () => {
    const over = firing([slowHop], { state: 'resolved', reason: 'resolved', url: undefined });
    expect(textOf(over)).toEqual({ text: '*Over:* the sentence' });
  });

  test('is led nowhere, and calls nobody, by names from outside', () => {
    const evil = '<https://evil.example|x> <!channel> @here [x](https://evil.example) & co';
    const { text } = textOf(firing([], { summary: evil, url: undefined }));
    expect(text).not.toMatch(/<|\]\(|@here/);
    expect(text).toContain('&lt;!channel&gt;');
  });
});

interface Posted {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
}

describe('Alertmanager', () => {
  const encode = (one: Notification, known: Part[] = [], firing = one.alerts.map(({ name }) => name)) => {
    const before = { known, firing: new Set(firing) };
    const { body, parts = [] } = encodeAlertmanager(one, before, 240_000);
    return { posted: JSON.parse(body) as Posted[], parts };
  };

  test('gets an alert by its name, with both locations, the value and the hop', () => {
    const [only] = encode(firing([slowHop])).posted;
    expect(only).toEqual({
      labels: {
        alertname: 'NetringHighLatencyHop',
        severity: 'warning',
        incident: 'i1',
        cause: 'location_pair',
        source_location: 'us1',
        target_location: 'eu1',
      },
      annotations: {
        summary: slowHop.summary,
        description: `the sentence\n${slowHop.summary}`,
        value: '151 ms',
        hop_ip: '10.2.0.1',
        dashboard: 'https://netring.example.com/#page=alerts',
      },
      generatorURL: 'https://netring.example.com/#page=alerts',
      startsAt: new Date(nowMs - 5_000).toISOString(),
      endsAt: new Date(nowMs + 240_000).toISOString(),
    });
  });

  test('gets one alert for all paths of a site, which names the site', () => {
    const sites = ['ap1', 'us1', 'us2'];
    const alerts = sites.flatMap((one) => [down(one, 'eu1'), down('eu1', one)]);
    const cause = { kind: 'location', subject: { location: 'eu1' } } as const;
    const { incident } = firing([]);
    const cut = firing(alerts, { summary: 'eu1 is cut off', incident: { ...incident, cause } });
    const { posted } = encode(cut);
    expect(posted).toHaveLength(1);
    expect(posted[0]?.labels).toMatchObject({ alertname: 'NetringConnectivityDown', location: 'eu1' });
    expect(posted[0]?.annotations.summary).toBe('eu1 is cut off');
  });

  test('keeps an alert the same while figures, the hop and the order of the ends change', () => {
    const first = encode(firing([slowHop]));
    const { incident } = firing([]);
    const turned = { source_location: 'eu1', target_location: 'us1' };
    const moved = { ...slowHop, value: 160, subject: { ...turned, hop_ip: '10.9.0.1' } };
    const later = firing([moved], {
      at_ms: nowMs + 60_000,
      incident: { ...incident, cause: { kind: 'location_pair', subject: turned } },
    });
    const { posted } = encode(later, first.parts);
    expect(posted.map(({ labels, startsAt }) => [labels, startsAt])).toEqual([
      [first.posted[0]?.labels, first.posted[0]?.startsAt],
    ]);
    expect(posted[0]?.annotations.hop_ip).toBe('10.9.0.1');
  });

  test('is told the end of what fires no more, and of all when the incident is over', () => {
    const both = encode(firing([slowHop, down('us1', 'eu1')]));
    expect(both.posted).toHaveLength(2);
    const one = encode(firing([slowHop], { at_ms: nowMs + 1 }), both.parts);
    expect(
      one.posted.map(({ labels, endsAt }) => [labels.alertname, endsAt > new Date(nowMs + 1).toISOString()]),
    ).toEqual([
      ['NetringHighLatencyHop', true],
      ['NetringConnectivityDown', false],
    ]);
    const over = encode(firing([], { state: 'resolved', reason: 'resolved', at_ms: nowMs + 2 }), one.parts);
    expect(over.posted.map(({ endsAt }) => endsAt)).toEqual([new Date(nowMs + 2).toISOString()]);
    expect(over.parts).toEqual([]);
  });

  test('keeps what is silenced by itself, and ends it once it fires no more', () => {
    const both = encode(firing([slowHop, down('us1', 'eu1')]));
    const names = ['NetringHighLatencyHop', 'NetringConnectivityDown'];
    const quiet = encode(firing([slowHop], { at_ms: nowMs + 1 }), both.parts, names);
    expect(quiet.posted.map(({ labels }) => labels.alertname)).toEqual(names);
    for (const { endsAt } of quiet.posted) expect(endsAt).toBe(new Date(nowMs + 240_001).toISOString());
    expect(quiet.posted[1]?.labels).toEqual(both.posted[1]?.labels);
    const healed = encode(firing([slowHop], { at_ms: nowMs + 2 }), quiet.parts);
    expect(healed.posted[1]?.endsAt).toBe(new Date(nowMs + 2).toISOString());
    expect(healed.parts).toHaveLength(1);
    // What was silenced from the beginning is not begun.
    expect(encode(firing([slowHop]), [], names).posted).toHaveLength(1);
  });
});

describe('receivers', () => {
  test.each([
    ['https://ops:50%25@hooks.example.com/', true],
    ['https://ops:50%@hooks.example.com/', false],
    ['https://o%zps@hooks.example.com/', false],
    ['ftp://hooks.example.com/', false],
  ])('%s can be one: %s', (url, can) => {
    const { schema } = deliverySettings.alertWebhookUrls;
    expect(schema.safeParse(url).success).toBe(can);
  });

  const config = (more: Partial<DeliveryConfig>): DeliveryConfig => ({
    alertWebhookUrls: [],
    alertSlackUrls: [],
    alertmanagerUrls: [],
    alertWebhookSecret: undefined,
    alertGroupWait: 10,
    alertGroupInterval: 300,
    alertRepeat: 14_400,
    publicUrl: undefined,
    ...more,
  });

  test.each([
    ['https://hooks.slack.com/services/T0/B0/secret', 'https://hooks.slack.com/***'],
    ['https://ops:secret@hooks.example.com:8443/?key=secret', 'https://hooks.example.com:8443/***'],
    ['http://[fd00::1]:9093', 'http://[fd00::1]:9093/'],
  ])('%s is shown as %s', (url, shown) => {
    expect(masked(new URL(url))).toBe(shown);
  });

  test('are one for each URL, and named without it', () => {
    const slack = ['https://hooks.slack.com/services/a', 'https://hooks.slack.com/services/b'];
    const all = receiversOf(
      config({ alertSlackUrls: [...slack, slack[0] ?? ''], alertmanagerUrls: ['http://am:9093/base/'] }),
    );
    expect(all.map(({ kind }) => kind)).toEqual(['slack', 'slack', 'alertmanager']);
    expect(new Set(all.map(({ id }) => id)).size).toBe(3);
    for (const { id } of all) expect(id).toMatch(/^(slack-hooks\.slack\.com|alertmanager-am)-[0-9a-f]{6}$/);
    expect(all[2]?.url.href).toBe('http://am:9093/base/api/v2/alerts');
  });
});
