import type { SourceHealth } from '@netring/contract/inventory';
import type { LiveRequest } from '@netring/contract/traffic';
import type { Endpoint, ObservationOutcome, TrafficObservation } from '@netring/topology';
import type { Collector } from './collector.ts';
import { createEndIds } from './end-ids.ts';
import { createInventoryBook } from './inventory-book.ts';
import { createLiveSample } from './live-sample.ts';
import type { NameRule } from './name-rules.ts';
import { createSourceBooks } from './source-books.ts';
import { createTelling, type Telling } from './telling.ts';
import { createTraffic } from './traffic.ts';
import type { Clocks } from './wall-clock.ts';

/** Outside callers find new room this often, and ids of ends that are gone go. */
const idsKeptMs = 10 * 60_000;
/** What is older was read from a file that was there before; it is counted, and no live picture. */
const liveMs = 60_000;
/** So much of the past is told anew when services get better names. */
const renamedMs = 60_000;

/** What a member tells of its discovery. */
export interface CollectingFigures {
  taken: number;
  rejected: ReadonlyMap<string, number>;
  /** What found no room, by what it was. */
  dropped: { signals: number; dependencies: number; services: number };
  /** Callers from outside that are counted together. */
  foldedCallers: number;
  requestsSeen: number;
  bucketsWaiting: number;
  sources: SourceHealth[];
}

/** The collector of a member, and what goes from it into reports. */
export interface Collecting extends Collector, Telling {
  /** Looks at the clocks; call it every second. */
  look: () => void;
  figures: () => CollectingFigures;
  /** Addresses of bridges, which traffic through published ports seems to come from. */
  gateways: (addresses: readonly string[]) => void;
}

export interface CollectingNeeds {
  clocks: Clocks;
  /** Who says so in buckets: instance and boot. */
  reporter: string;
  keepMs: number;
  names: readonly NameRule[];
  /** A dependency was seen that was not seen lately. */
  onNews: () => void;
  /** The wall clock was stepped by so many milliseconds. */
  onStep: (byMs: number) => void;
}

export function createCollecting(needs: CollectingNeeds): Collecting {
  const { clocks } = needs;
  const ids = createEndIds();
  const traffic = createTraffic(needs);
  const sample = createLiveSample(() => performance.now(), Math.random);
  const books = createSourceBooks(() => telling.inventoryChanged());
  const inventory = createInventoryBook(needs.names, (what) => {
    telling.inventoryChanged();
    if (what === 'names') traffic.touch(renamedMs);
  });
  const rename = (id: string) =>
    id.startsWith('service:') ? `service:${inventory.bestName(id.slice('service:'.length))}` : id;
  const telling = createTelling({
    traffic,
    rename,
    inventory: () => inventory.inventory(books.health(clocks.wallMs())),
    sample,
    now: clocks.monotonicMs,
  });
  const rejected = new Map<string, number>();
  let taken = 0;
  let made = 0;
  let idsSinceMs = clocks.monotonicMs();

  const count = (outcome: ObservationOutcome): ObservationOutcome => {
    if (outcome !== 'taken') {
      rejected.set(outcome, (rejected.get(outcome) ?? 0) + 1);
      return outcome;
    }
    taken++;
    const madeNow = traffic.dependenciesMade();
    if (madeNow !== made) {
      made = madeNow;
      needs.onNews();
    }
    return outcome;
  };
  const observe = createObserve(ids, traffic.observe);

  return {
    ...telling,
    observe: (observation) => count(observe(observation)),
    callerId: ids.caller,
    calleeId: ids.callee,
    signals: traffic.signals,
    skipsRequest: sample.skips,
    request(request) {
      if (clocks.wallMs() - request.at_ms > liveMs || request.source === '' || request.target === '') return;
      sample.offer(soundRequest(request, rename, traffic.monotonicOf(request.at_ms)));
    },
    services: inventory.services,
    aliases: inventory.aliases,
    host: inventory.host,
    gateways: inventory.gateways,
    serviceAt: inventory.serviceAt,
    serviceOfPid: inventory.serviceOfPid,
    processes: inventory.processes,
    source: books.open,
    look() {
      traffic.look();
      const nowMs = clocks.monotonicMs();
      if (nowMs - idsSinceMs < idsKeptMs) return;
      idsSinceMs = nowMs;
      ids.clear();
    },
    figures: () => ({
      taken,
      rejected,
      dropped: { ...traffic.dropped(), services: inventory.unfit() },
      foldedCallers: ids.folded(),
      requestsSeen: sample.seen(),
      bucketsWaiting: traffic.waiting(),
      sources: books.health(clocks.wallMs()),
    }),
  };
}

/** Gives ends that are only addresses their ids. Nothing is made for an observation: sources hand in 300,000 a second. */
function createObserve(
  ids: ReturnType<typeof createEndIds>,
  take: (observation: TrafficObservation) => ObservationOutcome,
): (observation: TrafficObservation) => ObservationOutcome {
  type Filled<T> = { -readonly [K in keyof Required<T>]: T[K] | undefined };
  const end = (): Filled<Endpoint> => ({
    host: '',
    port: 0,
    network: undefined,
    service: undefined,
    name: undefined,
  });
  const copy = {
    timestamp_ms: 0,
    source: end(),
    destination: end(),
    protocol: 'tcp',
    bytes_sent: 0,
    bytes_received: 0,
    latency_ms: undefined,
    status_code: undefined,
    method: undefined,
    path: undefined,
    failed: undefined,
    weight: undefined,
    evidence: 'log',
  } as Filled<TrafficObservation> & { source: Filled<Endpoint>; destination: Filled<Endpoint> };
  return (observation) => {
    const { source, destination } = observation;
    if (source.service !== undefined && destination.service !== undefined) return take(observation);
    const from = source.service ?? ids.caller(source.host, source.network);
    if (from === '') return 'bad_source';
    const to = destination.service ?? ids.callee(destination.host, destination.port, destination.network);
    if (to === '') return 'bad_destination';
    fill(copy.source, source, from);
    fill(copy.destination, destination, to);
    copy.timestamp_ms = observation.timestamp_ms;
    copy.protocol = observation.protocol;
    copy.bytes_sent = observation.bytes_sent;
    copy.bytes_received = observation.bytes_received;
    copy.latency_ms = observation.latency_ms;
    copy.status_code = observation.status_code;
    copy.method = observation.method;
    copy.path = observation.path;
    copy.failed = observation.failed;
    copy.weight = observation.weight;
    copy.evidence = observation.evidence;
    return take(copy as TrafficObservation);
  };
}

function fill(
  copy: { -readonly [K in keyof Required<Endpoint>]: Endpoint[K] | undefined },
  end: Endpoint,
  id: string,
): void {
  copy.host = end.host;
  copy.port = end.port;
  copy.network = end.network;
  copy.service = id;
  copy.name = end.name;
}

const token = /^[\x21-\x7e]{1,32}$/;

/** As the registry takes it: one that it would refuse would take the whole sample with it. */
function soundRequest(request: LiveRequest, rename: (id: string) => string, atMs: number): LiveRequest {
  const { method, path, network, status, duration_ms, ingress } = request;
  return {
    at_ms: atMs,
    source: rename(request.source),
    target: rename(request.target),
    ...(network !== undefined && /^[^\s\p{Cc}\p{Cf}]{1,200}$/u.test(network) && { network }),
    ...(method !== undefined && token.test(method) && { method }),
    ...(path !== undefined && { path: (path.split(/[?#]/, 1)[0] ?? '').slice(0, 300) }),
    ...(status !== undefined && Number.isInteger(status) && status >= 0 && status <= 999 && { status }),
    ...(duration_ms !== undefined && duration_ms >= 0 && duration_ms <= 1e15 && { duration_ms }),
    ...(ingress !== undefined && { ingress }),
  };
}
