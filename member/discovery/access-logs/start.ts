import type { StartSource } from '../source.ts';
import { startAccessLogs } from './access-logs.ts';

/** Reads the access logs that are configured. */
export const accessLogs: StartSource = ({ collector, config, log }) =>
  config.accessLogs.length === 0
    ? undefined
    : startAccessLogs({ collector, sources: config.accessLogs, log });
