import { ConfigurationError, type ConfigurationSources } from '@netring/service/configuration';
import { examineMember } from './examine-member.ts';
import { problem, type Finding } from './finding.ts';
import { judgeNode } from './machine.ts';
import type { Role } from './place.ts';

export { findingsText } from './findings-text.ts';
export { type Finding } from './finding.ts';
export { rolesAt, type Role } from './place.ts';

/** Looks at everything that a role needs. Settings that cannot be read are problems like others. */
export async function examine(role: Role, sources: ConfigurationSources): Promise<Finding[]> {
  const first = judgeNode(process.versions.node);
  try {
    return [first, ...(await examineAs(role, sources))];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const wrong = error.problems.map((one) =>
      problem('settings', one, `"netring config ${role} --help" has all names, and what is allowed`),
    );
    return [first, ...wrong];
  }
}

async function examineAs(role: Role, sources: ConfigurationSources): Promise<Finding[]> {
  if (role === 'member') return examineMember(sources);
  // Only now: a member's place need not wait for all that a store brings along.
  const { examineRegistry } = await import('./examine-registry.ts');
  return examineRegistry(sources);
}
