import type { Logger } from '@netring/service/log';
import type { Collector } from '../collector.ts';
import type { AccessLogSource } from './access-log-source.ts';
import { readAccessLog, type LogReader, type ReadingOptions } from './log-reader.ts';
import { requestIds } from './request-ids.ts';
import { nameByTraefik } from './traefik-names.ts';

export interface AccessLogsOptions extends ReadingOptions {
  collector: Collector;
  sources: readonly AccessLogSource[];
  log: Logger;
}

export interface AccessLogs {
  /** Lets go of all files; resolves once nothing more is handed in. */
  stop(): Promise<void>;
}

/**
 * Follows access logs, each with a book of its own, and hands in who asked whom. Never throws: a source that cannot be
 * read says so in its book, and the others are read.
 */
export function startAccessLogs({ collector, sources, log, ...reading }: AccessLogsOptions): AccessLogs {
  const ids = requestIds();
  const readers: LogReader[] = [];
  for (const source of sources) {
    try {
      readers.push(readAccessLog(collector, source, ids, reading));
    } catch (error) {
      const reason = (error as Error).message;
      collector.source('access_log', source.path).state('off', reason);
      log.error({ file: source.path, reason }, 'an access log is not read');
    }
  }
  const apis = new Set(sources.map(({ api }) => api).filter((api) => api !== undefined));
  const naming = [...apis].map((api) => nameByTraefik(collector, api));
  return {
    async stop() {
      await Promise.all([...readers, ...naming].map((one) => one.stop()));
    },
  };
}
