import { terminalText } from '../terminal-text.ts';

/** What people should see at once of a line that a process printed; `undefined` when the log file is enough. */
export function worthShowing(line: string, stream: 'stdout' | 'stderr'): string | undefined {
  const entry = logEntry(line);
  if (entry === undefined) return stream === 'stderr' && line.trim() !== '' ? terminalText(line) : undefined;
  if (!['warn', 'error', 'fatal'].includes(entry.level)) return undefined;
  return `${entry.level}: ${terminalText(entry.message)}`;
}

function logEntry(line: string): { level: string; message: string } | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    if (typeof entry.level !== 'string') return undefined;
    const error = entry.err ?? entry.error ?? entry.reason;
    const because = typeof error === 'string' ? error : (error as { message?: string } | undefined)?.message;
    const message = typeof entry.message === 'string' ? entry.message : '';
    return { level: entry.level, message: because === undefined ? message : `${message} (${because})` };
  } catch {
    return undefined;
  }
}

/** How long a line is not said again. */
const quietMs = 30_000;
/** Different lines remembered at most. */
const rememberedLines = 200;

/** Whether a line should be said at `nowMs`, and not swallowed because the same one was said a moment ago. */
export function createRepeatFilter(): (line: string, nowMs: number) => boolean {
  const saidMs = new Map<string, number>();
  return (line, nowMs) => {
    const last = saidMs.get(line);
    if (last !== undefined && nowMs - last < quietMs) return false;
    saidMs.delete(line);
    saidMs.set(line, nowMs);
    const oldest = saidMs.keys().next();
    if (saidMs.size > rememberedLines && oldest.done !== true) saidMs.delete(oldest.value);
    return true;
  };
}
