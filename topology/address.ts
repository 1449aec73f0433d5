/** The bytes of an IPv4 address in dotted form. */
export function ipv4Bytes(text: string): [number, number, number, number] | undefined {
  const last = text.charCodeAt(text.length - 1);
  // Names rarely end in a digit, and most of what is asked about is a name.
  if (!(last >= 0x30 && last <= 0x39)) return undefined;
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (parts === null) return undefined;
  const bytes = parts.slice(1).map(Number) as [number, number, number, number];
  return bytes.every((one) => one <= 255) ? bytes : undefined;
}

/** The eight groups of an IPv6 address, without brackets and zone. */
export function ipv6Groups(text: string): number[] | undefined {
  if (!text.includes(':')) return undefined;
  const halves = withHexTail(text).split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  if (!groups.every((one) => /^[0-9a-f]{1,4}$/i.test(one))) return undefined;
  return groups.map((one) => Number.parseInt(one, 16));
}

/** `::ffff:10.0.0.1` with its last 32 bits in hexadecimal groups. */
function withHexTail(text: string): string {
  const at = text.lastIndexOf(':') + 1;
  const bytes = ipv4Bytes(text.slice(at));
  if (bytes === undefined) return text;
  const [a, b, c, d] = bytes;
  return `${text.slice(0, at)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

/** IPv6 as RFC 5952 writes it: lower case, no leading zeros, the longest run of zeros as `::`. */
function ipv6Text(groups: readonly number[]): string {
  const text = groups.map((one) => one.toString(16)).join(':');
  const runs = [...text.matchAll(/\b0(?::0)+\b/g)];
  const longest = runs.reduce(
    (best, one) => (best === undefined || one[0].length > best[0].length ? one : best),
    runs[0],
  );
  if (longest === undefined) return text;
  const before = text.slice(0, longest.index).replace(/:$/, '');
  return `${before}::${text.slice(longest.index + longest[0].length).replace(/^:/, '')}`;
}

/**
 * One spelling per host, so that one machine is one machine: lower case, no dot at the end, no brackets, IPv6 as
 * RFC 5952 writes it, IPv4 inside IPv6 (`::ffff:10.0.0.1`) as IPv4.
 */
export function normalHost(host: string): string {
  if (!host.includes(':')) return normalName(host.toLowerCase());
  const plain = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const [address = '', zone] = plain.split('%');
  const groups = ipv6Groups(address);
  if (groups === undefined) return normalName(plain);
  if (groups.slice(0, 5).every((one) => one === 0) && groups[5] === 0xffff)
    return groups
      .slice(6)
      .flatMap((one) => [one >> 8, one & 255])
      .join('.');
  return zone === undefined ? ipv6Text(groups) : `${ipv6Text(groups)}%${zone}`;
}

function normalName(name: string): string {
  return name.length > 1 && name.endsWith('.') ? name.slice(0, -1) : name;
}

/** Whether a host (as {@link normalHost} writes it) is an address rather than a name. */
export function isAddress(host: string): boolean {
  return ipv4Bytes(host) !== undefined || ipv6Groups(host.split('%')[0] as string) !== undefined;
}

/** Names under these belong to somebody's own network (RFC 6762, RFC 8375, ICANN's `.internal`, and custom). */
const insideSuffixes = [
  'internal',
  'cluster.local',
  'local',
  'localhost',
  'localdomain',
  'lan',
  'intranet',
  'home.arpa',
  'consul',
];

/**
 * Whether a host lies in somebody's own network: private, shared, loopback and link-local addresses (RFC 1918, 6598,
 * 4193, 3927), bare names, and names such as `*.internal` and `*.svc.cluster.local`.
 */
export function isInside(host: string): boolean {
  const normal = normalHost(host);
  const bytes = ipv4Bytes(normal);
  if (bytes !== undefined) return isInsideV4(bytes[0], bytes[1]);
  const groups = ipv6Groups(normal.split('%')[0] as string);
  if (groups !== undefined) return isInsideV6(groups);
  if (!normal.includes('.')) return true;
  return insideSuffixes.some((suffix) => normal.endsWith(`.${suffix}`));
}

function isInsideV4(a: number, b: number): boolean {
  if (a === 10 || a === 127) return true;
  if (a === 172) return b >= 16 && b <= 31;
  if (a === 192) return b === 168;
  if (a === 100) return b >= 64 && b <= 127;
  return a === 169 && b === 254;
}

function isInsideV6(groups: readonly number[]): boolean {
  const first = groups[0] as number;
  if ((first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80) return true;
  return groups.slice(0, 7).every((one) => one === 0) && (groups[7] as number) <= 1;
}
