import { z } from 'zod';
import { nginxFormat } from './access-logs/index.ts';
import { appPattern } from './app-logs/index.ts';

const path = z
  .string('must be text')
  .min(1, 'must not be empty')
  .max(4096, 'must be at most 4096 characters');
const name = z.string().min(1).max(200);

/** Formats of access logs, as people name them; `auto` looks at the first lines. */
export const accessLogFormats = [
  'auto',
  'traefik-json',
  'traefik-clf',
  'envoy',
  'nginx',
  'nginx-json',
  'caddy',
] as const;

const accessLog = z.strictObject({
  /** The file that the proxy writes, also after it was rotated. */
  path,
  format: z.enum(accessLogFormats, `must be one of: ${accessLogFormats.join(', ')}`).default('auto'),
  /** The network that addresses in it are meaningful in, where they are not those of the host. */
  network: name.optional(),
  /** What the proxy is called; unset: the service of this host that it is, else its program. */
  service: name.optional(),
  /** Where the proxy listens, where lines do not tell and several proxies share a host. */
  listen: z
    .string()
    .regex(
      /^(?:\[[0-9a-fA-F:.]+\]|[0-9.]+):\d{1,5}$/,
      'listen: must be <address>:<port>, such as 10.0.0.5:443',
    )
    .optional(),
  /** The log holds one request in so many; each line counts as that many. */
  sampled: z.coerce.number().int().min(1).max(1_000_000).optional(),
  /** The log holds only some kinds of requests: then counts are too low, and that is said. */
  filtered: z.union([z.boolean(), z.stringbool()]).optional(),
  /** Traefik's API, such as http://127.0.0.1:8080, which knows names before there is traffic. */
  api: z.url('must be a URL').optional(),
  /** An nginx `log_format` other than combined, as nginx.conf has it. */
  log_format: z.string().max(4000).superRefine(readable(nginxFormat)).optional(),
});
export type AccessLogSetting = z.infer<typeof accessLog>;

const appLog = z
  .strictObject({
    path,
    /** One regular expression with named groups; docs/discovery.md lists the groups. */
    pattern: z.string('is missing').min(1).max(2000),
    /** The service that answers the requests in it. */
    service: name,
    /** Who asks, where the pattern has no group for it. */
    caller: name.optional(),
    /** Where the service listens, where that is known; else the name stands for it. */
    port: z.number().int().min(1).max(65_535).optional(),
    protocol: name.optional(),
  })
  .superRefine(
    readable(({ pattern, caller }: { pattern: string; caller?: string | undefined }) =>
      appPattern(pattern, caller !== undefined),
    ),
  );
export type AppLogSetting = z.infer<typeof appLog>;

/** An access log: an object, a JSON object, or `path key=value …`. */
export const accessLogSetting = z.preprocess(fromText, accessLog) as z.ZodType<AccessLogSetting>;
/** Likewise an application's log. A pattern with spaces needs JSON or YAML. */
export const appLogSetting = z.preprocess(fromText, appLog) as z.ZodType<AppLogSetting>;

/** Refuses what `read` throws at, with its words. */
function readable<T>(read: (value: T) => unknown): (value: T, context: z.RefinementCtx) => void {
  return (value, context) => {
    try {
      read(value);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  };
}

/** A list in YAML; in one text a JSON list, or items separated by commas. */
export function listOf<T>(item: z.ZodType<T>, most: number): z.ZodType<T[]> {
  const split = (value: unknown) => {
    if (typeof value !== 'string') return value;
    const text = value.trim();
    if (/^[[{]/.test(text)) {
      const read = asJson(text);
      return Array.isArray(read) || read === text ? read : [read];
    }
    return text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
  };
  const items = z.array(item, 'must be a list').max(most, `must name at most ${most}`);
  return z.preprocess(split, items);
}

function fromText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value.trim().startsWith('{')) return asJson(value);
  const [where = '', ...options] = value.trim().split(/\s+/);
  const pairs = options.map((one): [string, string | number] => {
    const at = one.indexOf('=');
    const [key, text] = at < 0 ? [one, ''] : [one.slice(0, at), one.slice(at + 1)];
    return [key, key === 'port' ? Number(text) : text];
  });
  return { path: where, ...Object.fromEntries(pairs) };
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
