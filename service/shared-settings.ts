import { z } from 'zod';
import { logLevels, type LogLevel } from './log.ts';
import { oneOf, optionalText, setting, type Setting } from './setting.ts';

type Section = 'registry' | 'member';

/** A secret that travels in a header: `registry.view_token` is `NETRING_VIEW_TOKEN`. Unset: `undefined`. */
export function tokenSetting(section: Section, name: string, about: string): Setting<string | undefined> {
  return setting({
    yaml: `${section}.${name}`,
    env: `NETRING_${name.toUpperCase()}`,
    schema: optionalText(512)
      .refine(
        (text) => text === undefined || text.length >= 16,
        'must have at least 16 characters: make one with "openssl rand -hex 32"',
      )
      // What a header cannot carry would only be found out when the first call fails.
      .refine(
        (text) => text === undefined || /^[\x21-\x7e]*$/.test(text),
        'must be of letters, digits and signs, without spaces: make one with "openssl rand -hex 32"',
      ),
    default: undefined as string | undefined,
    about,
    secret: true,
  });
}

/** Where to listen. What unset means follows from the token, so it is the service's to say. */
export function serverHostSetting(section: Section): Setting<string | undefined> {
  return setting({
    yaml: `${section}.server.host`,
    env: 'NETRING_SERVER_HOST',
    schema: optionalText(255),
    default: undefined as string | undefined,
    about:
      'Address to listen on. Unset: 0.0.0.0 with a token, 127.0.0.1 without, so that nothing is open by accident.',
  });
}

/** The least level that is logged. Older files write it in capitals, and `WARNING`. */
export function logLevelSetting(section: Section, about: string): Setting<LogLevel> {
  const level: z.ZodType<LogLevel> = z.preprocess((value) => {
    const text = typeof value === 'string' ? value.trim().toLowerCase() : value;
    return text === 'warning' ? 'warn' : text;
  }, oneOf(logLevels));
  return setting<LogLevel>({
    yaml: `${section}.log_level`,
    env: 'NETRING_LOG_LEVEL',
    oldEnv: 'LOG_LEVEL',
    schema: level,
    default: 'info',
    about,
  });
}
