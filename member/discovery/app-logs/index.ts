export { startAppLogs, type AppLogs, type AppLogsOptions } from './app-logs.ts';
export { appPattern, patternGroups } from './app-pattern.ts';
export { appLogs } from './start.ts';
