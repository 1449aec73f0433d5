import type { SourceNeeds } from '../source.ts';
import { startContainers, type Containers } from './containers.ts';
import { accessInCluster } from './kubernetes.ts';

export { startContainers, type Containers, type ContainersOptions } from './containers.ts';
export { accessInCluster, type KubernetesAccess } from './kubernetes.ts';

/** Follows the containers of this host, as configured. */
export function configuredContainers(
  { collector, config, log }: SourceNeeds,
  onGateways: (gateways: readonly string[]) => void,
): Containers {
  const kubernetes = config.kubernetes === 'auto' ? accessInCluster() : undefined;
  return startContainers({
    collector,
    log,
    onGateways,
    ...(config.dockerSocket !== 'off' && { dockerSocket: config.dockerSocket }),
    ...(kubernetes !== undefined && { kubernetes }),
  });
}
