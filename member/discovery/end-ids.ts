import { endId } from '@netring/contract/end';
import { isAddress, isInside, normalHost } from '@netring/topology';

/** Ids of ends that are only addresses. The same end has the same text, made once; '' for what can be no end. */
export interface EndIds {
  caller: (host: string, network?: string) => string;
  callee: (host: string, port: number, network?: string) => string;
  /** Outside callers that are counted together, since there were too many. */
  folded: () => number;
  /** Forgets all ids, so that new callers find room. */
  clear: () => void;
}

/** Stands for every further caller from outside: a public site has more of them than anybody can look at. */
export const otherCallers = endId({ kind: 'peer', name: 'other callers' });
/** Callers from outside that are told apart until the next {@link EndIds.clear}. */
const mostOutsideCallers = 1000;
/** About 20 MB of ids. Beyond it all are made anew. */
const mostIds = 100_000;
/** DNS names have at most 253 characters, and what people call a network is short. */
const longestHost = 253;
const longestNetwork = 128;
/** Stands for "asks, so its port does not matter": no port is negative. */
const anyPort = -1;

export function createEndIds(): EndIds {
  /** By network, host and port. */
  let known = new Map<string, Map<string, Map<number, string>>>();
  let size = 0;
  let outsideCallers = 0;
  let folded = 0;

  const find = (host: string, port: number, network: string): string =>
    known.get(network)?.get(host)?.get(port) ?? make(host, port, network);
  const make = (host: string, port: number, network: string): string => {
    if (size >= mostIds) clear();
    size++;
    const id = port === anyPort ? callerId(host, network) : addressId(host, port, network);
    within(within(known, network), host).set(port, id);
    return id;
  };
  const callerId = (host: string, network: string): string => {
    const id = addressId(host, 0, network);
    if (id === '' || isInside(host)) return id;
    if (outsideCallers < mostOutsideCallers) {
      outsideCallers++;
      return id;
    }
    folded++;
    return otherCallers;
  };
  const clear = () => {
    known = new Map();
    size = 0;
    outsideCallers = 0;
  };
  return {
    caller: (host, network = '') => find(host, anyPort, network),
    callee: (host, port, network = '') => find(host, port, network),
    folded: () => folded,
    clear,
  };
}

function addressId(host: string, port: number, network: string): string {
  if (host.length > longestHost || network.length > longestNetwork) return '';
  const end = {
    kind: 'address' as const,
    host: normalHost(host),
    ...(port === 0 ? {} : { port }),
    ...(network === '' ? {} : { network }),
  };
  // What cannot be read back nobody could resolve; a control character might rewrite somebody's terminal.
  const isSound = end.host.includes(':') ? isAddress(end.host) : !/[\s\p{Cc}\p{Cf}[\]/]/u.test(end.host);
  return isSound && end.host !== '' ? endId(end) : '';
}

function within<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let found = map.get(key);
  if (found === undefined) map.set(key, (found = new Map<L, V>()));
  return found;
}
