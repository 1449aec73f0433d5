import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startRingProcess, type Ended, type RingProcess } from './ring-process.ts';
import type { PlannedProcess } from './ring-plan.ts';
import { createRepeatFilter, worthShowing } from './worth-showing.ts';

/** The processes of a ring. */
export interface Ring {
  /** Those that were started, also the ones that have ended since. */
  readonly processes: readonly RingProcess[];
  /** What they print goes to files; warnings, errors and deaths are said at once. */
  start(planned: readonly PlannedProcess[]): void;
  /** Members first, so that they say goodbye, then the shop, then the registry. Takes 6 s at most. */
  stop(): Promise<void>;
  /** All at once, by SIGKILL. */
  kill(): void;
}

/** How long each may take to end. Members and shop do it in a moment; a registry lets running requests end. */
const stopLimitMs = { member: 2500, shop: 400, registry: 2900 } as const;

/**
 * A ring without processes as yet.
 *
 * @param say shows one line to people.
 */
export function createRing(folder: string, say: (line: string) => void): Ring {
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const processes: RingProcess[] = [];
  let isStopping = false;

  function startOne(planned: PlannedProcess): void {
    const isNew = createRepeatFilter();
    const onLine = (line: string, stream: 'stdout' | 'stderr') => {
      const shown = worthShowing(line, stream);
      if (shown !== undefined && !isStopping && isNew(shown, Date.now()))
        say(`[${fullName(planned)}] ${shown}`);
    };
    const started = startRingProcess(planned, {
      folder,
      logFile: join(logs, `${planned.name}.log`),
      onLine,
    });
    processes.push(started);
    void started.ended.then((end) => {
      if (!isStopping) say(describeEnd(started, end));
    });
  }

  return {
    processes,
    start(planned) {
      // Somebody may have asked us to stop while the ring was still coming up.
      if (!isStopping) planned.forEach(startOne);
    },
    async stop() {
      isStopping = true;
      for (const role of ['member', 'shop', 'registry'] as const) {
        const those = processes.filter((one) => one.planned.role === role);
        await Promise.all(those.map((one) => one.stop(stopLimitMs[role])));
      }
    },
    kill: () => processes.forEach((one) => one.kill()),
  };
}

/** `member eu1`, `shop orders`, `registry`. */
export function fullName({ role, name }: PlannedProcess): string {
  return role === name ? name : `${role} ${name}`;
}

/** `member eu1 (pid 123) was killed by SIGKILL` */
export function describeEnd(
  { planned, pid, logFile }: Pick<RingProcess, 'planned' | 'pid' | 'logFile'>,
  { code, signal }: Ended,
): string {
  const who = `${fullName(planned)} (pid ${pid})`;
  if (signal !== null) return `${who} was killed by ${signal}`;
  return code === 0 ? `${who} left` : `${who} ended with code ${code}; its log: ${logFile}`;
}
