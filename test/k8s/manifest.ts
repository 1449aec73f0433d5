/** What the tests read of an object of Kubernetes; schemas judge the rest. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  spec?: Record<string, unknown> & { template?: { spec: PodSpec }; jobTemplate?: JobTemplate };
  data?: Record<string, string>;
}

interface JobTemplate {
  spec: { template: { spec: PodSpec } };
}

export interface PodSpec {
  automountServiceAccountToken?: boolean;
  enableServiceLinks?: boolean;
  serviceAccountName?: string;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  securityContext?: SecurityContext;
  containers: Container[];
  volumes?: (Record<string, unknown> & { name: string })[];
}

export interface Container {
  name: string;
  image: string;
  env?: EnvironmentEntry[];
  ports?: { name: string; containerPort: number; hostPort?: number; protocol: string }[];
  readinessProbe?: { httpGet?: { path: string; scheme?: string } };
  securityContext?: SecurityContext;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
}

export interface EnvironmentEntry {
  name: string;
  value?: string;
  valueFrom?: {
    secretKeyRef?: Reference;
    configMapKeyRef?: Reference;
    fieldRef?: { fieldPath: string };
  };
}

interface Reference {
  name: string;
  key: string;
  optional?: boolean;
}

export interface SecurityContext {
  runAsNonRoot?: boolean;
  runAsUser?: number;
  allowPrivilegeEscalation?: boolean;
  readOnlyRootFilesystem?: boolean;
  privileged?: boolean;
  seccompProfile?: { type: string };
  appArmorProfile?: { type: string };
  capabilities?: { drop?: string[]; add?: string[] };
}

/** The pod that a workload starts; undefined of what starts none. */
export function podOf({ spec }: Manifest): PodSpec | undefined {
  return spec?.template?.spec ?? spec?.jobTemplate?.spec.template.spec;
}

/** `Deployment netring/netring-registry` */
export function nameOf({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
}

/** The objects of a kind, by name. */
export function find(all: readonly Manifest[], kind: string, name: string): Manifest {
  const found = all.find((one) => one.kind === kind && one.metadata.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
}
