/** A Secret that an object names, and the keys of it that it needs. */
export interface SecretReference {
  name: string;
  keys: string[];
}

/** Fields whose value is a Secret's name and a key, in kinds of Kubernetes and of the Prometheus Operator. */
const selectors = new Set(['secretKeyRef', 'credentials', 'secret']);

/** All Secrets that an object cannot do without, wherever in it they are named. */
export function secretReferences(value: unknown): SecretReference[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, below]: [string, unknown]) => [
    ...(selectors.has(field) ? named(below as Selector) : []),
    ...secretReferences(below),
  ]);
}

interface Selector {
  name?: string;
  key?: string;
  secretName?: string;
  items?: { key: string }[];
  optional?: boolean;
}

function named({ name, key, secretName, items = [], optional }: Selector): SecretReference[] {
  if (optional === true) return [];
  if (secretName !== undefined) return [{ name: secretName, keys: items.map((one) => one.key) }];
  return name === undefined || key === undefined ? [] : [{ name, keys: [key] }];
}
