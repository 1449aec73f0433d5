import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';
import { labUnavailableReason } from './availability.ts';

/** Tests that start a lab: skipped where one cannot run, with the reason in their title. */
export function describeLab(title: string, tests: () => void, options: { needs?: string } = {}): void {
  const missing = options.needs !== undefined && spawnSync('which', [options.needs]).status !== 0;
  const reason = labUnavailableReason() ?? (missing ? `it needs ${options.needs}` : undefined);
  if (reason === undefined) describe(title, tests);
  else describe.skip(`${title} (skipped: ${reason})`, tests);
}
