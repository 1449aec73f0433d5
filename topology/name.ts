import { isAddress, isInside } from './address.ts';

/** What people call the service at a host: an address whole, a DNS name by its first label. */
export function nameOfHost(host: string): string {
  return isAddress(host) ? host : (host.split('.')[0] as string) || host;
}

/** What Kubernetes adds to a Deployment's pods: a template hash, then five letters of its own alphabet. */
const podSuffix = /-[0-9a-f]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/;
/** What StatefulSets, Compose and people add to the second and third of a kind. */
const ordinalSuffix = /[-_]\d{1,3}$/;
/** These number machines, not replicas: `node-1` and `node-2` may run anything. */
const machineWord = /(?:^|[-_])(?:host|node|server|machine|vm|ip|\d+)$/;
const clusterName = /^[^.]+\.([^.]+\.[^.]+\.svc\.cluster\.local)$/;

/**
 * The host that stands for all replicas of a service, so that they are one node: `user-service-2.internal` →
 * `user-service.internal`, a pod's name → its Deployment's, a pod under a headless Service → that Service. Addresses
 * and names outside stay as they are.
 */
export function replicaGroup(host: string): string {
  if (isAddress(host) || !isInside(host)) return host;
  const ofService = clusterName.exec(host)?.[1];
  if (ofService !== undefined) return ofService;
  const dot = host.indexOf('.');
  const label = dot < 0 ? host : host.slice(0, dot);
  const group = withoutReplica(label);
  return group === label ? host : group + (dot < 0 ? '' : host.slice(dot));
}

function withoutReplica(label: string): string {
  const ofPod = label.replace(podSuffix, '');
  if (ofPod !== label && ofPod !== '') return ofPod;
  const ofOrdinal = label.replace(ordinalSuffix, '');
  return ofOrdinal === '' || machineWord.test(ofOrdinal) ? label : ofOrdinal;
}

/**
 * The words in a name: `feedback` has one, and it is not `db`. A number at the end of a word counts as with and
 * without it (`db1` is `db1` and `db`).
 */
export function tokensOf(name: string): Set<string> {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  return new Set(words.flatMap((word) => [word, word.replace(/\d+$/, '')]).filter((word) => word !== ''));
}
