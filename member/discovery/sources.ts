import { accessLogs } from './access-logs/index.ts';
import { appLogs } from './app-logs/index.ts';
import { startSockets } from './sockets/index.ts';
import type { StartSource } from './source.ts';

/** Every source that looks for itself, by the name it is told by. A new one is a folder and a line here. */
export const sources: Readonly<Record<string, StartSource>> = {
  sockets: startSockets,
  accessLogs,
  appLogs,
};
