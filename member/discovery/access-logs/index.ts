export type { AccessLogSource } from './access-log-source.ts';
export { startAccessLogs, type AccessLogs, type AccessLogsOptions } from './access-logs.ts';
export { nginxFormat } from './nginx-format.ts';
export { plainEndNames } from './ends.ts';
export { accessLogs } from './start.ts';
