import { pino, type Logger } from 'pino';

export type { Logger };

/** From the most that is logged to the least. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Structured lines, one JSON object each, on standard output. Secrets never reach it: callers log names, not requests. */
export function createLogger(component: 'registry' | 'member', level: LogLevel): Logger {
  return pino({
    level,
    base: { component },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    messageKey: 'message',
  });
}
