import { join } from 'node:path';
import { shopLogs } from './shop-logs.ts';

/** What `netring up` may be told. */
export interface RingOptions {
  /** Port of the registry and its dashboard, on 127.0.0.1. */
  port: number;
  /** Folder for the registry's store and all logs. */
  folder: string;
  /** First two bytes of the members' loopback addresses: `127.0`. */
  addressBlock: string;
  memberPort: number;
  /** The first of four ports of the shop. */
  shopPort: number;
  withShop: boolean;
}

export interface Place {
  host: string;
  port: number;
}

/** One process of the ring. */
export interface PlannedProcess {
  role: 'registry' | 'member' | 'shop';
  /** `eu1` for a member, `orders` for a service of the shop. */
  name: string;
  /** Its program, from the folder of the command line: `main.js`. */
  script: string;
  args: string[];
  /** Where it listens, when it does. */
  place?: Place;
}

/** Locations of the demo ring; the third byte of their addresses is their number, from 1. */
export const demoLocations = ['us1', 'eu1', 'ap1'] as const;

/**
 * How often demo members are heard, in seconds, and after how much silence one is offline: a tenth and a fifth of the
 * defaults, so that a newcomer who kills one need not wait for five minutes.
 */
export const demoHeartbeatS = 5;
export const demoOfflineAfterS = 60;

/** Seconds between two looks at the sockets: the shop's graph is to be there while somebody is still reading. */
export const demoSampleS = 2;

/** Every process of a ring, in the order they are started. */
export function planRing(options: RingOptions): PlannedProcess[] {
  const shop = options.withShop ? planShop(options) : [];
  const members = demoLocations.map((location) => planMember(location, options, shop));
  return [planRegistry(options), ...members, ...shop];
}

export function registryUrl({ port }: Pick<RingOptions, 'port'>): string {
  return `http://127.0.0.1:${port}`;
}

/** The loopback address that belongs to a location. */
export function addressOf(location: (typeof demoLocations)[number], addressBlock: string): string {
  return `${addressBlock}.${demoLocations.indexOf(location) + 1}.1`;
}

/** Customers are at none of the locations. */
function customersAddress(addressBlock: string): string {
  return `${addressBlock}.9.1`;
}

function planRegistry({ port, folder, addressBlock }: RingOptions): PlannedProcess {
  const place = { host: '127.0.0.1', port };
  const settings = [
    ...['--data-dir', join(folder, 'registry'), '--member-ttl', String(demoOfflineAfterS)],
    ...['--traffic-groups', `customers=${customersAddress(addressBlock)}`],
  ];
  return {
    role: 'registry',
    name: 'registry',
    script: 'main.js',
    args: ['registry', '--tied', '--host', place.host, '--port', String(port), ...settings],
    place,
  };
}

function planMember(
  location: (typeof demoLocations)[number],
  options: RingOptions,
  shop: readonly PlannedProcess[],
): PlannedProcess {
  const host = addressOf(location, options.addressBlock);
  const where = ['--location', location, '--host', host, '--port', String(options.memberPort)];
  const how = ['--advertise-ip', host, '--heartbeat-interval', String(demoHeartbeatS)];
  // Three members share the machine: each discovers what listens at its own address, and takes observations there.
  const seen = [
    '--discovery-addresses',
    host,
    '--intake-host',
    host,
    '--sample-interval',
    String(demoSampleS),
    '--app-logs',
    shopLogs(shop, host, options.folder),
  ];
  return {
    role: 'member',
    name: location,
    script: 'main.js',
    args: ['member', '--tied', ...where, '--registry', registryUrl(options), ...how, ...seen],
    place: { host, port: options.memberPort },
  };
}

/** customer → web (us1) → orders (eu1) → payments (ap1), and orders → stock (us1). */
function planShop({ addressBlock, shopPort }: RingOptions): PlannedProcess[] {
  const at = (location: (typeof demoLocations)[number], offset: number): Place => ({
    host: addressOf(location, addressBlock),
    port: shopPort + offset,
  });
  const web = at('us1', 0);
  const orders = at('eu1', 1);
  const payments = at('ap1', 2);
  const stock = at('us1', 3);
  const customers = customersAddress(addressBlock);
  return [
    planService('stock', stock, {}),
    planService('payments', payments, {}),
    planService('orders', orders, { payments, stock }),
    planService('web', web, { orders }),
    {
      role: 'shop',
      name: 'customer',
      script: 'demo/customer.js',
      args: ['--from', customers, '--web', written(web)],
      place: { host: customers, port: 0 },
    },
  ];
}

function planService(name: string, place: Place, calls: Record<string, Place>): PlannedProcess {
  const callees = Object.entries(calls).flatMap(([callee, where]) => [`--${callee}`, written(where)]);
  const args = ['--listen', written(place), ...callees];
  return { role: 'shop', name, script: `demo/${name}.js`, args, place };
}

export function written({ host, port }: Place): string {
  return `${host}:${port}`;
}
