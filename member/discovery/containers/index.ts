export { startContainers, type Containers, type ContainersOptions } from './containers.ts';
export { accessInCluster, type KubernetesAccess } from './kubernetes.ts';
