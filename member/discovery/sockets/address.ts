/** An address as `ss` writes it, without brackets and zone; an IPv4 address in IPv6 (`::ffff:10.0.0.1`) as IPv4. */
export function plainAddress(text: string): string {
  let address = text.startsWith('[') ? text.slice(1, text.endsWith(']') ? -1 : undefined) : text;
  const zone = address.indexOf('%');
  if (zone >= 0) address = address.slice(0, zone);
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

/** The text of an IPv6 address (RFC 5952), of its eight 16-bit words; one that holds an IPv4 address is that one. */
export function wordsAddress(words: readonly number[]): string {
  const [, , , , , mark = 0, high = 0, low = 0] = words;
  if (mark === 0xffff && words.slice(0, 5).every((word) => word === 0))
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  let [from, length] = [-1, 1];
  for (let at = 0; at < 8; at++) {
    let end = at;
    while (end < 8 && words[end] === 0) end++;
    if (end - at > length) [from, length] = [at, end - at];
    if (end > at) at = end;
  }
  const text = (part: readonly number[]): string => part.map((word) => word.toString(16)).join(':');
  if (from < 0) return text(words);
  return `${text(words.slice(0, from))}::${text(words.slice(from + length))}`;
}

export function isWildcard(address: string): boolean {
  return address === '*' || address === '0.0.0.0' || address === '::';
}

/** Whether an address is meaningful only inside its network namespace. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** Whether it is of no use to others: it names a different machine on every link. */
export function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address) || address.startsWith('169.254.');
}

/** `ip:port`, with brackets around IPv6. */
export function place(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
