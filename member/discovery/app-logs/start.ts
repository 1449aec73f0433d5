import type { StartSource } from '../source.ts';
import { startAppLogs } from './app-logs.ts';

/** Reads the logs of applications that are configured. */
export const appLogs: StartSource = ({ collector, config, log }) =>
  config.appLogs.length === 0 ? undefined : startAppLogs({ collector, sources: config.appLogs, log });
