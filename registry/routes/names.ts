import { Resolver } from 'node:dns/promises';

/** Names of routers, looked up when somebody asks to see them: never on our own account. */
export interface Names {
  /** The name of each address that stands on a known route and has one; nobody else's is asked for. */
  of(addresses: readonly string[]): Promise<Map<string, string>>;
}

interface Known {
  /** `undefined`: it has none, or nobody answered. */
  name: string | undefined;
  untilMs: number;
}

const timeoutMs = 1_500;
/** Names change seldom; that nobody answered may be over soon. */
const keptMs = { named: 3_600_000, unnamed: 300_000 };
const mostKept = 2_000;
/** Questions under way at a time: what is beyond waits its turn. */
const mostAtOnce = 8;

/**
 * @param isOnRoute whether an address may be asked for: else anybody who may read could have any address looked up
 * @param servers of the name service; those of the system unless told
 */
export function createNames(isOnRoute: (address: string) => boolean, servers?: readonly string[]): Names {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  if (servers !== undefined) resolver.setServers([...servers]);
  const known = new Map<string, Known>();
  const underWay = new Map<string, Promise<string | undefined>>();
  const waiting: (() => void)[] = [];
  let asking = 0;

  const ask = async (address: string): Promise<string | undefined> => {
    if (asking >= mostAtOnce) await new Promise<void>((turn) => waiting.push(turn));
    asking++;
    try {
      const name = (await resolver.reverse(address))[0]?.slice(0, 253);
      return keep(address, name);
    } catch {
      return keep(address, undefined);
    } finally {
      asking--;
      waiting.shift()?.();
    }
  };
  const keep = (address: string, name: string | undefined): string | undefined => {
    known.delete(address);
    known.set(address, {
      name,
      untilMs: performance.now() + (name === undefined ? keptMs.unnamed : keptMs.named),
    });
    if (known.size > mostKept) known.delete(known.keys().next().value as string);
    return name;
  };
  const nameOf = (address: string): Promise<string | undefined> => {
    const before = known.get(address);
    if (before !== undefined && performance.now() < before.untilMs) return Promise.resolve(before.name);
    const asked = underWay.get(address) ?? ask(address).finally(() => underWay.delete(address));
    underWay.set(address, asked);
    return asked;
  };

  return {
    async of(addresses) {
      const named = addresses.filter(isOnRoute).map(async (one) => [one, await nameOf(one)] as const);
      const found = (await Promise.all(named)).flatMap(([one, name]) =>
        name === undefined ? [] : [[one, name] as const],
      );
      return new Map(found);
    },
  };
}
