import { isIP, BlockList } from 'node:net';
import { normalHost } from '@netring/topology';

/** A configured name for a range of addresses or for all names under a suffix. */
export interface GroupRule {
  name: string;
  holds(host: string): boolean;
}

/**
 * The rule that `name=10.0.0.0/8` or `name=*.example.com` stands for; `undefined` when it is neither.
 */
export function groupRuleOf(text: string): GroupRule | undefined {
  const at = text.indexOf('=');
  const [name, pattern] = [text.slice(0, Math.max(at, 0)).trim(), text.slice(at + 1).trim()];
  if (name === '' || name.length > 100 || pattern === '') return undefined;
  if (pattern.startsWith('*.')) return suffixRule(name, normalHost(pattern.slice(1)));
  return rangeRule(name, pattern);
}

function suffixRule(name: string, suffix: string): GroupRule {
  return { name, holds: (host) => host.endsWith(suffix) || host === suffix.slice(1) };
}

function rangeRule(name: string, pattern: string): GroupRule | undefined {
  const [address = '', bits] = pattern.split('/');
  const family = isIP(address);
  if (family === 0) return undefined;
  const prefix = bits === undefined ? (family === 4 ? 32 : 128) : Number(bits);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > (family === 4 ? 32 : 128)) return undefined;
  const range = new BlockList();
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  range.addSubnet(address, prefix, kind);
  return {
    name,
    holds: (host) => {
      const of = isIP(host);
      return of !== 0 && range.check(host, of === 4 ? 'ipv4' : 'ipv6');
    },
  };
}
