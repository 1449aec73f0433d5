import { createHash } from 'node:crypto';

/** A full-width hash of a canonical description. */
function hashOf(description: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(description)).digest('hex');
}

export function nodeId(kind: 'service' | 'member' | 'pushed', key: string): string {
  return hashOf(['node', kind, key]);
}

export function pushedLinkId(active: string, passive: string, role: string): string {
  return hashOf(['link', active, passive, role]);
}
