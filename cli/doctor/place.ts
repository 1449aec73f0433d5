import { environmentOf, type ConfigurationSources } from '@netring/service/configuration';

/** What runs at a place. */
export type Role = 'registry' | 'member';

/**
 * Which of the two is to be looked at here: those that the file has a section for; without one a member where a
 * location is told, as every member must be, else a registry.
 */
export function rolesAt(sources: ConfigurationSources): Role[] {
  const text = sources.file?.text;
  const inFile = (['registry', 'member'] as const).filter((role) => hasSection(text, role));
  if (inFile.length > 0) return inFile;
  const { NETRING_LOCATION, MEMBER_LOCATION } = environmentOf(sources);
  return (NETRING_LOCATION ?? '') !== '' || (MEMBER_LOCATION ?? '') !== '' ? ['member'] : ['registry'];
}

/** A top-level key; whether the file can be read at all is told by reading it. */
function hasSection(text: string | undefined, role: Role): boolean {
  return text !== undefined && new RegExp(`^${role}:`, 'm').test(text);
}
