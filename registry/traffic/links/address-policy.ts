import { BlockList, isIP } from 'node:net';

/** Which addresses samples may be sent to. */
export interface AddressPolicy {
  /** Why not; `undefined` when it is allowed. */
  forbids(address: string): string | undefined;
}

/** A range as people write it; `undefined` when it is none. */
export function rangeOf(
  text: string,
): { address: string; prefix: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return undefined;
  const most = version === 4 ? 32 : 128;
  const prefix = length === undefined ? most : Number(length);
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  return prefix <= most ? { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' } : undefined;
}

/** What is never a stranger's server: this machine, its link, everybody at once, and where clouds keep their secrets. */
const never: readonly (readonly [range: string, what: string])[] = [
  ['0.0.0.0/8', 'this machine'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local, where clouds answer with their metadata'],
  ['100.100.100.200/32', "a cloud's metadata service"],
  ['192.0.0.192/32', "a cloud's metadata service"],
  ['168.63.129.16/32', "a cloud's own service"],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'no address of a server'],
  ['::/96', 'this machine'],
  ['2001::/32', 'a tunnel (Teredo) to an address that it hides'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'site-local'],
  ['fd00:ec2::/32', "a cloud's metadata service"],
  ['fd20:ce::/32', "a cloud's metadata service"],
  ['ff00::/8', 'multicast'],
];

/**
 * @param allowed ranges that are allowed whatever else holds
 * @param own addresses of this machine and of the store, as they are now
 */
export function createAddressPolicy(
  allowed: readonly string[],
  own: () => ReadonlySet<string>,
): AddressPolicy {
  const allow = listOf(allowed);
  const forbidden = never.map(([range, what]) => ({ list: listOf([range]), what }));
  return {
    forbids(given) {
      const forms = formsOf(given);
      if (forms.length === 0) return 'it is no address';
      if (forms.some((one) => isIn(allow, one))) return undefined;
      for (const { list, what } of forbidden)
        if (forms.some((one) => isIn(list, one))) return `it is ${what}`;
      const mine = own();
      return forms.some((one) => mine.has(one))
        ? 'it is an address of the registry or of its store'
        : undefined;
    },
  };
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of ranges) {
    const one = rangeOf(text);
    if (one !== undefined) list.addSubnet(one.address, one.prefix, one.family);
  }
  return list;
}

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/** An address and the IPv4 one inside it: mapped, translated (NAT64, SIIT) and tunnelled (6to4) ones lead there. */
export function formsOf(given: string): string[] {
  const address = given.replace(/%.*$/, '');
  if (isIP(address) === 4) return [address];
  if (isIP(address) !== 6) return [];
  const groups = groupsOf(address);
  const inside = innerOf(groups);
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1);
  // A mapped address is that IPv4 address and nothing else.
  if (inside !== undefined && isMapped(groups)) return [inside];
  return inside === undefined ? [plain] : [plain, inside];
}

function groupsOf(address: string): number[] {
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::');
  const read = (text: string) => (text === '' ? [] : text.split(':').map((one) => Number.parseInt(one, 16)));
  const [first, last] = [read(head), read(tail ?? '')];
  return tail === undefined
    ? first
    : [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}

function isMapped(groups: readonly number[]): boolean {
  return groups.slice(0, 5).every((one) => one === 0) && groups[5] === 0xffff;
}

function innerOf(groups: readonly number[]): string | undefined {
  const at = (index: number) => {
    const [high = 0, low = 0] = groups.slice(index, index + 2);
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  };
  if (isMapped(groups)) return at(6);
  if (groups[0] === 0x64 && groups[1] === 0xff9b) return at(6);
  if (groups.slice(0, 4).every((one) => one === 0) && groups[4] === 0xffff && groups[5] === 0) return at(6);
  return groups[0] === 0x2002 ? at(1) : undefined;
}
