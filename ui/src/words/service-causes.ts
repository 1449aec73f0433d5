import type { GraphDependency } from '@netring/contract/graph';
import { severityOrder, bySeverity, type Severity, type Trouble } from './trouble.ts';

/** By service: what it calls itself and is blamed. */
export type Behind = ReadonlyMap<string, ReadonlySet<string>>;

/** Trouble of calls to a service. */
export interface Told {
  callee: string;
  trouble: Trouble;
}

/** Of dependencies that do badly: which services lie behind which, since they are called by them and blamed. */
export function behindOf(bad: readonly GraphDependency[]): Behind {
  const behind = new Map<string, Set<string>>();
  for (const { source_service: source, target_service: target, health, blame } of bad) {
    const isNetwork = blame.verdict === 'network';
    const isOwn = blame.verdict === 'application' || blame.verdict === 'both';
    if (source === target || isNetwork || !(isOwn || health === 'failing')) continue;
    const called = behind.get(source);
    if (called === undefined) behind.set(source, new Set([target]));
    else called.add(target);
  }
  return behind;
}

/**
 * The worst first. A service that others in trouble call, and that calls nobody in trouble itself, comes first, and is as bad as
 * what those suffer: there to look is of most use.
 */
export function causesFirst(told: readonly Told[], behind: Behind): Trouble[] {
  const suffered = new Map<string, Severity>();
  for (const { callee, trouble } of told)
    for (const root of rootsOf(callee, behind)) {
      const known = suffered.get(root);
      if (known === undefined || severityOrder[trouble.severity] < severityOrder[known])
        suffered.set(root, trouble.severity);
    }
  const roots: Trouble[] = [];
  const others: Trouble[] = [];
  for (const { callee, trouble } of told) {
    const severity = suffered.get(callee);
    if (severity === undefined || behind.has(callee)) others.push(trouble);
    else
      roots.push(
        severityOrder[severity] < severityOrder[trouble.severity] ? { ...trouble, severity } : trouble,
      );
  }
  return bySeverity([...roots, ...others]);
}

/** What lies last behind a service; empty where nothing does. */
function rootsOf(service: string, behind: Behind): Set<string> {
  const roots = new Set<string>();
  const seen = new Set([service]);
  const next = [service];
  for (let one = next.pop(); one !== undefined; one = next.pop()) {
    const called = behind.get(one);
    if (called === undefined && one !== service) roots.add(one);
    for (const id of called ?? []) {
      if (seen.has(id)) continue;
      seen.add(id);
      next.push(id);
    }
  }
  return roots;
}
