import type { Logger } from '@netring/service/log';
import type { Collector } from '../collector.ts';
import type { AppLogSetting } from '../log-settings.ts';
import { readAppLog, type AppLogReader, type AppReadingOptions } from './app-log-reader.ts';

export interface AppLogsOptions extends AppReadingOptions {
  collector: Collector;
  sources: readonly AppLogSetting[];
  log: Logger;
}

export interface AppLogs {
  /** Lets go of all files; resolves once nothing more is handed in. */
  stop(): Promise<void>;
}

/** Follows logs of applications, each by a pattern of its own. Never throws: what is wrong stands in a source's book. */
export function startAppLogs({ collector, sources, log, ...reading }: AppLogsOptions): AppLogs {
  const readers: AppLogReader[] = [];
  for (const source of sources) {
    try {
      readers.push(readAppLog(collector, source, reading));
    } catch (error) {
      const reason = (error as Error).message;
      collector.source('app_log', source.path).state('off', reason);
      log.error({ file: source.path, reason }, "an application's log is not read");
    }
  }
  return {
    async stop() {
      await Promise.all(readers.map((reader) => reader.stop()));
    },
  };
}
