import { z } from 'zod';
import { addressOf, type ContainerFacts } from './facts.ts';
import { nameOfContainer, withoutHash, type ContainerName } from './names.ts';

const text = z.string().nullish();
const labels = z.record(z.string(), z.string()).nullish();
const containerStatus = z.object({ containerID: text, state: z.object({ running: z.unknown() }).nullish() });

/** `GET /api/v1/pods`, as far as it is read. */
export const listedPods = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        name: z.string(),
        namespace: text,
        uid: text,
        labels,
        ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).nullish(),
      }),
      spec: z.object({ hostNetwork: z.boolean().nullish() }).nullish(),
      status: z
        .object({
          phase: text,
          podIP: text,
          podIPs: z.array(z.object({ ip: text })).nullish(),
          containerStatuses: z.array(containerStatus).nullish(),
        })
        .nullish(),
    }),
  ),
});
type Pod = z.infer<typeof listedPods>['items'][number];

/** The containers of running pods. All containers of a pod are one service: they share its address. */
export function containersOfPods(pods: readonly Pod[]): ContainerFacts[] {
  return pods.flatMap((pod) => (pod.status?.phase === 'Running' ? containersOfPod(pod) : []));
}

function containersOfPod({ metadata, spec, status }: Pod): ContainerFacts[] {
  const named = nameOfPod(metadata);
  const namespace = metadata.namespace ?? 'default';
  if (named === undefined) return [];
  const ips = [...(status?.podIPs ?? []).map(({ ip }) => ip), status?.podIP];
  const addresses = spec?.hostNetwork === true ? [] : [...new Set(ips.map(addressOf))];
  return (status?.containerStatuses ?? []).flatMap(({ containerID }) => {
    const id = /^[a-z0-9-]+:\/\/([0-9a-f]{64})$/.exec(containerID ?? '')?.[1];
    if (id === undefined) return [];
    return {
      ...named,
      id,
      group: namespace,
      keys: [metadata.uid ?? '', `${namespace}/${metadata.name}`].filter((key) => key !== ''),
      startMode: 'kubernetes' as const,
      addresses: addresses
        .filter((one) => one !== undefined)
        .map((address) => ({ network: 'pods', address })),
      // Pods reach each other from node to node.
      reach: 'location' as const,
      aliases: [metadata.name],
      ports: [],
    };
  });
}

/** By its labels, else by what owns it: that outlives the pod. */
function nameOfPod({ name, labels: all, ownerReferences }: Pod['metadata']): ContainerName | undefined {
  const owner = ownerReferences?.[0];
  const found = nameOfContainer(all ?? {}, owner === undefined ? name : nameOfOwner(owner, all ?? {}));
  return found;
}

function nameOfOwner(
  owner: { kind: string; name: string },
  podLabels: Readonly<Record<string, string>>,
): string {
  const hash = podLabels['pod-template-hash'];
  if (owner.kind === 'ReplicaSet')
    return hash !== undefined && owner.name.endsWith(`-${hash}`)
      ? owner.name.slice(0, -hash.length - 1)
      : withoutHash(owner.name);
  // A CronJob numbers its Jobs by the minute.
  return owner.kind === 'Job' ? owner.name.replace(/-\d{8,10}$/, '') : owner.name;
}
