import { ConfigurationError } from '@netring/service/configuration';

const unitsMs: Record<string, number> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * `90s`, `15m`, `2h`, `1d`, `1h30m`, in milliseconds.
 *
 * @param name of the option, for the error
 * @throws ConfigurationError when it is none
 */
export function readDuration(name: string, text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(s|min|m|h|d)/g)];
  const isWhole = parts.length > 0 && parts.map(([part]) => part).join('') === text;
  if (!isWhole) throw new ConfigurationError([`${name} must be a time such as 90s, 15m, 2h or 1h30m`]);
  return Math.round(
    parts.reduce((sum, [, count, unit = 's']) => sum + Number(count) * (unitsMs[unit] ?? 0), 0),
  );
}
