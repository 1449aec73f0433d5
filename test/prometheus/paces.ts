import type { RingOptions } from '../ring/lab-ring.ts';
import type { Pace } from './monitored-ring.ts';

/** As deployed: a fault is delivered after minutes. */
export const asDeployed: Pace = { rules: {}, prometheus: [], alertmanager: [] };

/**
 * Everything within seconds, in the order of the defaults. Prometheus takes over what discovery tells at most every five
 * seconds, so a member that said goodbye may be asked for that long: its alert waits for three times as long.
 */
export const quick: Pace = {
  rules: {
    NETRING_ALERT_CONNECTIVITY_DOWN_FOR: '17',
    NETRING_ALERT_MEMBER_DOWN_FOR: '15',
    NETRING_ALERT_LOW_BANDWIDTH_FOR: '2',
    NETRING_ALERT_HIGH_HOP_LATENCY_FOR: '2',
  },
  prometheus: [
    // A scrape that a busy machine spoils ends the series, and their time begins anew.
    ['scrape_interval: 30s', 'scrape_interval: 2s'],
    ['scrape_timeout: 10s', 'scrape_timeout: 1900ms'],
    ['evaluation_interval: 30s', 'evaluation_interval: 1s'],
    ['refresh_interval: 15s', 'refresh_interval: 1s'],
  ],
  alertmanager: [
    ['group_wait: 30s', 'group_wait: 1s'],
    ['group_interval: 5m', 'group_interval: 2s'],
    ['group_interval: 1m', 'group_interval: 2s'],
  ],
};

/** From the beginning the first hop towards ap1 adds 240 ms, and links carry 20 Mbit/s, which also spares the machine. */
export const twoFaults: Required<Pick<RingOptions, 'before'>> = {
  async before(lab) {
    for (const link of lab.links) await link.set({ rateMbit: 20 });
    await lab.link('us1', 'ap1').set({ delayMs: 120, rateMbit: 20 });
  },
};
