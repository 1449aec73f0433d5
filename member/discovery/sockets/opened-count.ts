import { readFileSync } from 'node:fs';

/** What of all connections that a namespace opened was seen at looks. */
export interface OpenedShare {
  /** Connections opened at either end, as the kernel counted them; failed attempts are no connections. */
  opened: number;
  seen: number;
}

/** Looks that the share is about. */
const looksKept = 12;

/**
 * Tells how many connections lived too short to be seen: the kernel counts every one that is opened
 * (`/proc/net/snmp`, RFC 4022: tcpActiveOpens, tcpPassiveOpens, tcpAttemptFails).
 */
export function createOpenedCount(proc = '/proc'): {
  /** Takes the counts of a namespace, and how many new connections this look found in it. */
  look(namespace: number, pid: number | 'self', seen: number): void;
  share: () => OpenedShare;
  sweep(isThere: (namespace: number) => boolean): void;
} {
  const before = new Map<number, number>();
  const looks = new Map<number, OpenedShare[]>();
  return {
    look(namespace, pid, seen) {
      const now = openedOf(`${proc}/${pid}/net/snmp`);
      const last = before.get(namespace);
      if (now === undefined) return;
      before.set(namespace, now);
      if (last === undefined || now < last) return;
      const all = looks.get(namespace) ?? [];
      all.push({ opened: now - last, seen });
      looks.set(namespace, all.slice(-looksKept));
    },
    share() {
      const sum = { opened: 0, seen: 0 };
      for (const one of [...looks.values()].flat()) {
        sum.opened += one.opened;
        sum.seen += one.seen;
      }
      return sum;
    },
    sweep(isThere) {
      for (const map of [before, looks])
        for (const namespace of map.keys()) if (!isThere(namespace)) map.delete(namespace);
    },
  };
}

function openedOf(path: string): number | undefined {
  try {
    return openedIn(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Connections opened since the namespace is there; `undefined` where the text does not tell. */
export function openedIn(snmp: string): number | undefined {
  const [names, values] = snmp
    .split('\n')
    .filter((line) => line.startsWith('Tcp: '))
    .map((line) => line.split(' '));
  const value = (name: string): number => Number(values?.[names?.indexOf(name) ?? -1]);
  const opened = value('ActiveOpens') + value('PassiveOpens') - value('AttemptFails');
  return Number.isFinite(opened) ? opened : undefined;
}
