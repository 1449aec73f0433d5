import type { NameRule } from '@netring/contract/inventory';

/** A name, and where it comes from. */
export interface ContainerName {
  name: string;
  rule: Extract<NameRule, 'label' | 'container'>;
}

/** Labels that name a service, the best first: the people's own, then those of Compose, Swarm and Kubernetes. */
const serviceLabels = [
  'netring.service',
  'com.docker.compose.service',
  'io.podman.compose.service',
  'com.docker.swarm.service.name',
  'app.kubernetes.io/name',
  'app',
];

/**
 * The name of the service that a container belongs to.
 * @param labels of the container or pod
 * @param given what it is called itself, which may end in what makes it unique
 */
export function nameOfContainer(
  labels: Readonly<Record<string, string>>,
  given: string,
): ContainerName | undefined {
  for (const label of serviceLabels) {
    const name = cleaned(labels[label] ?? '');
    if (name !== '') return { name, rule: 'label' };
  }
  const name = cleaned(withoutHash(given));
  return name === '' ? undefined : { name, rule: 'container' };
}

/** Letters and digits that Kubernetes makes suffixes of: without vowels and what looks alike. */
const safe = '[bcdfghjklmnpqrstvwxz2456789]';
const suffixes = [
  // A pod of a Deployment: the hash of its template, then its own.
  new RegExp(`-${safe}{6,10}-${safe}{5}$`),
  // A task of a Swarm service.
  /\.\d+\.[a-z0-9]{25}$/,
  /[-_.][0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  // A hash has a digit; a word that happens to be hexadecimal does not.
  /[-_](?=[a-f]*\d)[0-9a-f]{12,64}$/,
];

/** A name without the hash that makes it unique; plain numbers stay, as they may mean something. */
export function withoutHash(name: string): string {
  for (const suffix of suffixes) {
    const short = name.replace(suffix, '');
    if (short !== name && short !== '') return short;
  }
  return name;
}

/** As the contract takes names: no control characters, no white space at the ends, at most 200 characters. */
function cleaned(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
    .slice(0, 200)
    .trim();
}
