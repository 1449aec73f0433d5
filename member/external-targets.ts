import type { ExternalTarget } from '@netring/contract/member';
import { z } from 'zod';

const maxNameLength = 64;
const shape = 'must be tcp://host:port, http://… or https://…, with name= before it if you like';

/**
 * One external target as people write it: `tcp://db.example:5432`, `shop=https://shop.example/health`, or in YAML also
 * `{name, address}`. Without a name it is called by its address.
 */
export const externalTargetSetting: z.ZodType<ExternalTarget> = z
  .union([z.string(), z.object({ name: z.string(), address: z.string() })], shape)
  .transform((written, context): ExternalTarget => {
    const target =
      typeof written === 'string' ? fromText(written.trim()) : build(written.name.trim(), written.address);
    if (typeof target !== 'string') return target;
    context.addIssue({ code: 'custom', message: target });
    return z.NEVER;
  });

/** What two targets of one list have in common that they must not, or nothing. */
export function duplicateTargetNames(targets: readonly ExternalTarget[]): string[] {
  const names = targets.map((target) => target.name);
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

/** Where a TCP target is: `[::1]:5432` and `db.example:5432` alike. */
export function hostAndPort(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(address.slice(at + 1)) };
}

function fromText(text: string): ExternalTarget | string {
  const named = /^([^=:/]+)=(.+)$/.exec(text);
  return named ? build((named[1] as string).trim(), named[2] as string) : build(undefined, text);
}

/** The target, or what is wrong with it. */
function build(name: string | undefined, text: string): ExternalTarget | string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === '') return shape;
  if (url.username !== '' || url.password !== '') return 'must not carry a user name or password';
  if (url.search !== '' || url.hash !== '') return 'must not carry a query or fragment';
  const kind = kindOf(url);
  if (kind === undefined) return shape;
  if (kind === 'tcp' && (url.port === '' || url.port === '0')) return 'must name a port: tcp://host:port';
  const address = kind === 'tcp' ? url.host : url.href;
  const called = name ?? (kind === 'tcp' ? url.host : url.host + url.pathname.replace(/\/$/, ''));
  if (called === '' || called.length > maxNameLength) {
    return `needs a name of 1 to ${maxNameLength} characters: write name=${url.protocol}//…`;
  }
  return { name: called, kind, address };
}

function kindOf(url: URL): ExternalTarget['kind'] | undefined {
  switch (url.protocol) {
    case 'tcp:':
      return 'tcp';
    case 'http:':
    case 'https:':
      return 'http';
    default:
      return undefined;
  }
}
