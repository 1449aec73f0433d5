import type { Container, EnvironmentEntry, Manifest } from './manifest.ts';

/** The environment that a container gets from ConfigMaps and Secrets beside it, as the kubelet puts it together. */
export function environmentOf(
  { env = [] }: Container,
  all: readonly Manifest[],
  namespace: string | undefined,
): Record<string, string> {
  const made: Record<string, string> = {};
  for (const entry of env) {
    const value = valueOf(entry, all, namespace);
    if (value === undefined) continue;
    made[entry.name] = value.replace(/\$\((\w+)\)/g, (whole, name: string) => made[name] ?? whole);
  }
  return made;
}

function valueOf(
  { name, value, valueFrom }: EnvironmentEntry,
  all: readonly Manifest[],
  namespace: string | undefined,
): string | undefined {
  if (value !== undefined) return value;
  const { secretKeyRef: secret, configMapKeyRef: map, fieldRef } = valueFrom ?? {};
  if (fieldRef !== undefined) return fieldRef.fieldPath.endsWith('IP') ? '192.0.2.7' : 'node-1';
  const reference = secret ?? map;
  const kind = secret === undefined ? 'ConfigMap' : 'Secret';
  const object = all.find(
    (one) =>
      one.kind === kind && one.metadata.name === reference?.name && one.metadata.namespace === namespace,
  );
  const text = object?.data?.[reference?.key ?? ''];
  if (text === undefined) {
    if (reference?.optional === true) return undefined;
    throw new Error(`${name}: ${kind} ${namespace}/${reference?.name} has no ${reference?.key}`);
  }
  return secret === undefined ? text : Buffer.from(text, 'base64').toString('utf8');
}
