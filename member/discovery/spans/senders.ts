import { endId } from '@netring/contract/end';
import type { LocalService } from '@netring/contract/inventory';
import { placeOf, type Here, type SenderPlace } from './here.ts';
import { textOf, type Attributes } from './span.ts';

/** A service that sends spans: what its resource says. */
export interface Sender {
  /** Namespace and name: what tells two services apart. */
  identity: string;
  name: string;
  /** Its end: `service:` where it surely runs on this host, `peer:` where not. */
  end: string;
  isHere: boolean;
  /** It shares the host's network: its loopback addresses are the host's. */
  hasHostNetwork: boolean;
}

/** Senders that are remembered; the one unseen for longest gives way. */
const mostSenders = 1000;
/** What of them is told to the inventory. */
const mostTold = 500;
/** A sender that has been silent for so long is no longer told of. */
const silentMs = 600_000;
/** Containers become known after their first spans: so often is looked again. */
const lookAgainMs = 10_000;

export interface SendersNeeds {
  here: Here;
  now: () => number;
  /** The services of this host that send spans; called when they change. */
  tell: (services: readonly LocalService[]) => void;
}

export interface Senders {
  /** The sender with this resource; `undefined` when it says no name. */
  of(resource: Attributes): Sender | undefined;
  /** Tells of what is new, and no longer of what has been silent. */
  look(): void;
}

interface Known {
  sender: Sender;
  told: LocalService | undefined;
  lookedMs: number;
  seenMs: number;
}

/** Knows the services behind resources. */
export function createSenders({ here, now, tell }: SendersNeeds): Senders {
  const known = new Map<string, Known>();
  let last: { resource: Attributes; sender: Sender | undefined } | undefined;
  let toldText = '[]';

  const find = (resource: Attributes): Sender | undefined => {
    const name = nameOf(resource);
    if (name === undefined) return undefined;
    const key = JSON.stringify([...resource]);
    const nowMs = now();
    const found = known.get(key);
    known.delete(key);
    const isFresh = found !== undefined && nowMs - found.lookedMs < lookAgainMs;
    const next = isFresh ? { ...found, seenMs: nowMs } : lookAt(resource, name, here, nowMs);
    // Deleted and set again: the map's order is that of the last sight.
    known.set(key, next);
    if (known.size > mostSenders) known.delete(known.keys().next().value as string);
    return next.sender;
  };
  return {
    of(resource) {
      // A request brings many spans of one resource in a row.
      if (last?.resource !== resource) last = { resource, sender: find(resource) };
      return last.sender;
    },
    look() {
      last = undefined;
      for (const [key, { seenMs }] of known) if (now() - seenMs > silentMs) known.delete(key);
      const all = [...known.values()].map(({ told }) => told).filter((one) => one !== undefined);
      const services = distinct(all).slice(0, mostTold);
      const text = JSON.stringify(services);
      if (text === toldText) return;
      toldText = text;
      tell(services);
    },
  };
}

function distinct(services: readonly LocalService[]): LocalService[] {
  const key = ({ name, container_id = '', pid = 0 }: LocalService) => `${name}\n${container_id}\n${pid}`;
  return [...new Map(services.map((one) => [key(one), one])).values()].sort((a, b) =>
    key(a) < key(b) ? -1 : 1,
  );
}

function lookAt(resource: Attributes, name: string, here: Here, nowMs: number): Known {
  const place = placeOf(resource, here);
  const isHere = place.kind !== 'elsewhere';
  const sender: Sender = {
    identity: JSON.stringify([textOf(resource, 'service.namespace') ?? '', name]),
    name,
    end: endId({ kind: isHere ? 'service' : 'peer', name }),
    isHere,
    hasHostNetwork: place.kind === 'process' || place.kind === 'machine',
  };
  const told = isHere ? serviceOf(resource, name, place) : undefined;
  return { sender, told, lookedMs: nowMs, seenMs: nowMs };
}

function serviceOf(resource: Attributes, name: string, place: SenderPlace): LocalService {
  const isPod = textOf(resource, 'k8s.pod.name', 'k8s.pod.uid') !== undefined;
  const executable = cleanText(textOf(resource, 'process.executable.name') ?? '', 200);
  return {
    name,
    name_rule: 'otel',
    ...(place.kind === 'process' && { pid: place.pid }),
    ...(executable !== '' && { process: executable }),
    start_mode: isPod ? 'kubernetes' : place.kind === 'container' ? 'docker' : 'native',
    ...(place.kind === 'container' && { container_id: place.containerId }),
    reach: 'host',
    listeners: [],
    aliases: [name],
  };
}

/** What SDKs call a service whose people gave it no name: everybody's, so nobody's. */
const unnamed = /^unknown_service(:|$)/;

function nameOf(resource: Attributes): string | undefined {
  const name = cleanText(textOf(resource, 'service.name') ?? '', 200);
  return name === '' || unnamed.test(name) ? undefined : name;
}

/** Text as the contract takes it: without control characters and white space at its ends, at most so long. */
export function cleanText(text: string, most: number): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
    .slice(0, most)
    .trim();
}
