import { readdirSync, readFileSync } from 'node:fs';

/** This process and all that it has started, and those have: the member, its probes and what they run. */
export function ownProcesses(proc = '/proc', first = process.pid): Set<number> {
  const found = new Set<number>([first]);
  for (const pid of found) for (const child of childrenOf(`${proc}/${pid}/task`)) found.add(child);
  return found;
}

function childrenOf(tasks: string): number[] {
  try {
    return readdirSync(tasks).flatMap((task) =>
      readFileSync(`${tasks}/${task}/children`, 'utf8')
        .split(' ')
        .filter((pid) => pid !== '')
        .map(Number),
    );
  } catch {
    // It has ended, or this kernel does not tell.
    return [];
  }
}
