import type { Container, PodSpec, SecurityContext } from './manifest.ts';

/** Volumes that "restricted" allows. */
const allowedVolumes = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

/**
 * What the Kubernetes standard of pod security "restricted" has against a pod, by the table of the Kubernetes manual
 * ("Pod Security Standards"); `[]`: nothing.
 */
export function againstRestricted(pod: PodSpec): string[] {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((name) => pod[name] === true);
  const volumes = (pod.volumes ?? []).flatMap(({ name: _, ...kind }) =>
    Object.keys(kind).filter((one) => !allowedVolumes.has(one)),
  );
  return [
    ...shared,
    ...volumes,
    ...pod.containers.flatMap((one) => ofContainer(one, pod.securityContext)),
  ].sort();
}

function ofContainer(container: Container, ofPod: SecurityContext = {}): string[] {
  const own = container.securityContext ?? {};
  const both = { ...ofPod, ...own };
  const added = (own.capabilities?.add ?? []).filter((one) => one !== 'NET_BIND_SERVICE');
  return [
    ...(own.privileged === true ? ['privileged'] : []),
    ...((container.ports ?? []).some(({ hostPort }) => hostPort !== undefined) ? ['hostPort'] : []),
    ...(own.allowPrivilegeEscalation === false ? [] : ['allowPrivilegeEscalation']),
    ...(both.runAsNonRoot === true && both.runAsUser !== 0 ? [] : ['may run as root']),
    ...(both.seccompProfile?.type === 'RuntimeDefault' ? [] : ['seccompProfile']),
    ...(both.appArmorProfile?.type === 'Unconfined' ? ['appArmorProfile'] : []),
    ...(own.capabilities?.drop?.includes('ALL') === true ? [] : ['keeps capabilities']),
    ...added.map((one) => `adds ${one}`),
  ];
}
