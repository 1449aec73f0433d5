import { Cluster, Redis } from 'ioredis';
import { StoreAway } from '../store.ts';
import type { RedisPlace } from './options.ts';
import { answerWithinMs, clusterOptions, reconnectDelayMs, serverOptions } from './options.ts';

export type Client = Redis | Cluster;

/** One connection to Redis (or one set of them, to a Cluster). */
export interface Link {
  readonly client: Client;
  /** Awaits what the client answers. Rejects with `StoreAway` when that is no answer. */
  ask<T>(answer: Promise<T>): Promise<T>;
  /**
   * To be called before a command: what is sent in this turn of the event loop goes out in one write. A patient one
   * waits some milliseconds for others.
   */
  bundle(isPatient: boolean): void;
  /** Resolves when connected; rejects with `StoreAway` after the first failure. It may go on trying. */
  connect(): Promise<void>;
  close(): void;
}

/** Comes back by itself after a loss when `reconnects`; otherwise a loss is its end. */
export function createLink(place: RedisPlace, reconnects: boolean): Link {
  const again = (attempt: number): number | null =>
    reconnects ? reconnectDelayMs(attempt, Math.random()) : null;
  const client = createClient(place, again);
  let lastFault = 'not connected yet';
  const remember = (error: Error) => (lastFault = error.message);
  client.on('error', remember);
  client.on('node error', remember);
  client.on('ready', () => (lastFault = 'the connection was lost'));
  const secrets = secretsOf(client, place);

  function away(error: unknown): Error {
    const text = error instanceof Error ? error.message : String(error);
    const reason = redact(reasonOf(text, lastFault), secrets);
    const what = `Redis at ${addressOf(place)}`;
    return isMistake(text)
      ? new Error(`${what} refused a command: ${reason}`)
      : new StoreAway(`${what} is away: ${reason}`);
  }

  async function ask<T>(answer: Promise<T>): Promise<T> {
    try {
      return await inTime(answer);
    } catch (error) {
      throw away(error);
    }
  }

  return {
    client,
    ask,
    bundle: createBundle(client),
    connect: () => ask(client.connect()),
    close() {
      lastFault = 'the store was closed';
      client.disconnect();
    },
  };
}

function createClient(place: RedisPlace, reconnect: (attempt: number) => number | null): Client {
  if (place.clusterNodes === undefined) return new Redis(serverOptions(place, reconnect));
  return new Cluster([...place.clusterNodes], clusterOptions(place, reconnect));
}

/** So long a patient command waits, or until so many do: nobody notices the time, and a thousand members cost fewer writes. */
const patience = { ms: 4, commands: 8 };

/** A write for each of some dozen commits costs as much as making them. A Cluster has a stream for each node: left as it is. */
function createBundle(client: Client): (isPatient: boolean) => void {
  let open: { waiting: number; end: () => void } | undefined;
  return (isPatient) => {
    if (client instanceof Cluster || client.status !== 'ready') return;
    open ??= begin(client.stream, () => (open = undefined));
    if (!isPatient || ++open.waiting >= patience.commands) setImmediate(open.end);
  };
}

function begin(stream: Redis['stream'], ended: () => void): { waiting: number; end: () => void } {
  stream.cork();
  let isOpen = true;
  const end = () => {
    if (!isOpen) return;
    isOpen = false;
    clearTimeout(latest);
    ended();
    stream.uncork();
  };
  const latest = setTimeout(end, patience.ms);
  return { waiting: 0, end };
}

/** A bound over all that the client tries for one call: a Cluster may ask several nodes, one after the other. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Command timed out')), answerWithinMs);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** What the client says when it has no connection tells nothing: then the last fault of the connection does. */
function reasonOf(text: string, lastFault: string): string {
  if (text === 'Command timed out') return `no answer within ${answerWithinMs} ms`;
  const saysNothing =
    /enableOfflineQueue|Connection is closed|max retries per request|None of startup nodes/i;
  return saysNothing.test(text) ? lastFault : text;
}

/** Our own fault, not Redis's: a wrong command or a key of another kind. */
const isMistake = (text: string): boolean => /^(ERR|WRONGTYPE|CROSSSLOT|NOSCRIPT) /.test(text);

function secretsOf(client: Client, place: RedisPlace): string[] {
  const ofUrl = client instanceof Redis ? client.options.password : undefined;
  return [ofUrl, place.password, place.sentinelPassword].filter(
    (text) => text !== undefined && text !== '',
  ) as string[];
}

function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, '…'), text);
}

function addressOf(place: RedisPlace): string {
  const several = place.clusterNodes ?? place.sentinels;
  if (several !== undefined) return several.map(({ host, port }) => `${host}:${port}`).join(', ');
  const { host, port } = serverOptions(place, () => null);
  return `${host}:${port}`;
}
