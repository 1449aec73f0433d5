import type { Outcome } from '@netring/contract/result';
import type { Measured } from './probe/index.ts';
import type { Check } from './schedule/index.ts';

/** Brings what the probe process found together with the checks it was found by. */
export interface Findings {
  /** These checks run from now on. */
  follow: (checks: readonly Check[]) => void;
  /** Takes what was found. */
  take: (measured: readonly Measured[]) => void;
}

/** @param onFound told every finding of a check that still runs; `news` when its outcome is not the one before */
export function createFindings(onFound: (check: Check, measured: Measured, news: boolean) => void): Findings {
  let checks = new Map<string, Check>();
  const last = new Map<string, Outcome>();
  return {
    follow(next) {
      checks = new Map(next.map((check) => [check.target.key, check]));
      for (const key of last.keys()) if (!checks.has(key)) last.delete(key);
    },
    take(all) {
      for (const measured of all) {
        const check = checks.get(measured.key);
        // Taken off the plan while the finding was on its way.
        if (check === undefined) continue;
        onFound(check, measured, last.get(measured.key) !== measured.result.outcome);
        last.set(measured.key, measured.result.outcome);
      }
    },
  };
}
