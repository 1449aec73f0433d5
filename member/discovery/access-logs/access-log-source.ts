import type { accessLogFormats, AccessLogSetting } from '../log-settings.ts';

/** A format that lines have. `nginx` is `combined`, unless the source gives another `log_format`. */
export type LogFormat = Exclude<(typeof accessLogFormats)[number], 'auto'>;

/** One access log to follow: as people configure it, the format `auto` when absent. */
export type AccessLogSource = Omit<AccessLogSetting, 'format'> & { format?: AccessLogSetting['format'] };
