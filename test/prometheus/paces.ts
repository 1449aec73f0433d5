import type { RingOptions } from '../ring/lab-ring.ts';
import type { Pace } from './monitored-ring.ts';

/** As deployed: a fault is delivered after minutes. */
export const asDeployed: Pace = { rules: {}, prometheus: [], alertmanager: [] };

/**
 * Everything within seconds, in the order of the defaults. Prometheus takes over what discovery tells at most every five
 * seconds, so a member that said goodbye may be asked for that long: its alert waits for twice as long.
 */
export const quick: Pace = {
  rules: {
    NETRING_ALERT_CONNECTIVITY_DOWN_FOR: '13',
    NETRING_ALERT_MEMBER_DOWN_FOR: '10',
    NETRING_ALERT_LOW_BANDWIDTH_FOR: '2',
    NETRING_ALERT_HIGH_HOP_LATENCY_FOR: '2',
  },
  prometheus: [
    ['scrape_interval: 30s', 'scrape_interval: 1s'],
    ['scrape_timeout: 10s', 'scrape_timeout: 900ms'],
    ['evaluation_interval: 30s', 'evaluation_interval: 1s'],
    ['refresh_interval: 15s', 'refresh_interval: 1s'],
  ],
  alertmanager: [
    ['group_wait: 30s', 'group_wait: 1s'],
    ['group_interval: 5m', 'group_interval: 2s'],
    ['group_interval: 1m', 'group_interval: 2s'],
  ],
};

/** The first hop towards ap1 adds 240 ms, and us1 and eu1 share 20 Mbit/s, from the beginning. */
export const twoFaults: Required<Pick<RingOptions, 'before'>> = {
  async before(lab) {
    await lab.link('us1', 'ap1').set({ delayMs: 120 });
    await lab.link('us1', 'eu1').set({ rateMbit: 20 });
  },
};
