import type { Saying } from './evidence.ts';

/** One check in words. */
export function sentence(one: Saying): string {
  const { last } = one;
  const what = wordsOf(one);
  const again = last.confirmed === true ? ' twice' : '';
  const status = last.kind === 'http' ? last.status : undefined;
  switch (last.outcome) {
    case 'ok':
      return `${what} answered`;
    case 'timeout':
      return `${what} timed out${again}`;
    case 'refused':
      if (status !== undefined) return `${what} answered status ${status} and broke off`;
      return `${what} was refused: the path is up, nothing listens there`;
    case 'unreachable':
      return `${what} found no route${again}`;
    case 'resolve_failed':
      return `${what}: the name does not resolve`;
    case 'tls_failed':
      return `${what}: the TLS handshake failed`;
    case 'bad_status':
      // Not the status was bad then, but how the answer went on.
      return `${what} answered status ${status ?? 'unknown'}${(status ?? 400) < 400 ? ' and broke off' : ''}`;
    case 'inconclusive':
    case 'void':
      return `${what} was inconclusive`;
  }
}

/** Silence of trains of packets, while something else answers or does not. */
export function silenceSentence(one: Saying): string {
  const forS = Number.isFinite(one.answeredAgeMs)
    ? `for ${Math.max(1, Math.round(one.answeredAgeMs / 1000))} s`
    : 'since it is measured';
  return `${wordsOf(one)}: no answer ${forS}`;
}

function wordsOf({ last, endpoint }: Saying): string {
  switch (last.kind) {
    case 'tcp':
      return 'TCP connect';
    case 'http':
      return `GET ${endpoint ?? '/'}`;
    case 'icmp':
      return 'ICMP echo';
    case 'udp':
      return 'UDP echo';
  }
}
