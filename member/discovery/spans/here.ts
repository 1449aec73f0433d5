import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { numberOf, textOf, type Attributes } from './span.ts';

/** What is known of this machine, to tell its spans from those of others. */
export interface Here {
  /** Names of this machine, as `host.name` has them. */
  hostNames: readonly string[];
  /** Its machine id; absent where it has none. */
  hostId?: string;
  /** The id of the container that runs here by that id, host name, pod uid or `namespace/pod`. */
  containerOf(name: string): string | undefined;
  /** The file name of what a process of this machine runs; `undefined` when there is none or it may not be seen. */
  executableOf(pid: number): string | undefined;
}

/** Where the sender of a span runs. */
export type SenderPlace =
  | { kind: 'container'; containerId: string }
  /** A process of this machine, outside of containers as far as can be told. */
  | { kind: 'process'; pid: number }
  | { kind: 'machine' }
  | { kind: 'elsewhere' };

/** What this machine says of itself. @param containerOf see {@link Here} */
export function thisMachine(containerOf: Here['containerOf']): Here {
  const hostId = machineId();
  return { hostNames: [hostname()], ...(hostId !== undefined && { hostId }), containerOf, executableOf };
}

/**
 * Where the sender runs, by its resource. Never guessed: what does not say that it is here is elsewhere, and a process id
 * counts only where that process runs what the sender says, since ids repeat inside containers.
 */
export function placeOf(resource: Attributes, here: Here): SenderPlace {
  const containerId = containerOf(resource, here);
  if (containerId !== undefined) return { kind: 'container', containerId };
  if (textOf(resource, 'container.id', 'k8s.pod.uid') !== undefined) return { kind: 'elsewhere' };
  if (!isThisMachine(resource, here)) return { kind: 'elsewhere' };
  const pid = numberOf(resource, 'process.pid');
  const executable = textOf(resource, 'process.executable.name');
  if (pid === undefined || executable === undefined) return { kind: 'machine' };
  const runs = here.executableOf(pid);
  const isIt = runs !== undefined && runs.startsWith(basename(executable));
  return isIt ? { kind: 'process', pid } : { kind: 'machine' };
}

function containerOf(resource: Attributes, here: Here): string | undefined {
  const pod = textOf(resource, 'k8s.pod.name');
  const namespace = textOf(resource, 'k8s.namespace.name');
  const names = [
    textOf(resource, 'container.id'),
    textOf(resource, 'k8s.pod.uid'),
    ...(pod !== undefined && namespace !== undefined ? [`${namespace}/${pod}`] : []),
  ].filter((name) => name !== undefined);
  // A host name is the start of the container's id, or what its configuration says; better names win.
  const hostName = textOf(resource, 'host.name');
  const all = names.length === 0 && hostName !== undefined ? [hostName] : names;
  for (const name of all) {
    const found = here.containerOf(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isThisMachine(resource: Attributes, here: Here): boolean {
  const hostId = textOf(resource, 'host.id');
  if (hostId !== undefined && here.hostId !== undefined) return hostId === here.hostId;
  const name = textOf(resource, 'host.name')?.toLowerCase();
  return name !== undefined && here.hostNames.some((own) => isSameHost(own.toLowerCase(), name));
}

/** One of the two may lack the domain. */
function isSameHost(a: string, b: string): boolean {
  if (a === 'localhost' || a === '') return false;
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}

function machineId(): string | undefined {
  try {
    const id = readFileSync('/etc/machine-id', 'utf8').trim();
    return id === '' ? undefined : id;
  } catch {
    return undefined;
  }
}

function executableOf(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ''));
  } catch {
    return undefined;
  }
}
