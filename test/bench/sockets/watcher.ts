import { createCollecting } from '@netring/member/discovery/collecting';
import { startSocketDiscovery, type LookDone } from '@netring/member/discovery/sockets/index';
import { systemClocks } from '@netring/member/discovery/wall-clock';
import { createLogger } from '@netring/service/log';

/** What the watching process is told. */
export interface WatcherOrder {
  intervalMs: number;
}

/** One look, as it prints it after `look `. */
export interface WatchedLook {
  costMs: number;
  tookMs: number;
  told: number;
  services: number;
  /** Whether looks come as often as they should. */
  isThrottled: boolean;
}

// A member as far as its sockets go: it looks at them and counts what it sees in its buckets.
const order = JSON.parse(process.argv[2] ?? '{}') as WatcherOrder;
const collecting = createCollecting({
  clocks: systemClocks,
  reporter: 'bench',
  keepMs: 60_000,
  names: [],
  onNews: () => undefined,
  onStep: () => undefined,
});
setInterval(() => collecting.look(), 1000);
let services = 0;
const discovery = startSocketDiscovery({
  collector: {
    ...collecting,
    services(source, found) {
      services = found.length;
      collecting.services(source, found);
    },
  },
  intervalMs: order.intervalMs,
  log: createLogger('member', 'warn'),
  onLook({ costMs, tookMs, intervalMs, outcome }: LookDone) {
    const isThrottled = intervalMs > order.intervalMs;
    const look: WatchedLook = { costMs, tookMs, told: outcome.told, services, isThrottled };
    process.stdout.write(`look ${JSON.stringify(look)}\n`);
  },
});
process.once('SIGTERM', () => void discovery.stop().then(() => process.exit(0)));
