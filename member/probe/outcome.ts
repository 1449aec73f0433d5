import type { Outcome } from '@netring/contract/result';
import { tlsTrouble } from '@netring/service/tls-trouble';

/** Whose fault a failure is, and a sentence about it for people. */
export interface Failure {
  outcome: Exclude<Outcome, 'ok'>;
  reason: string;
}

/** What the errors of connecting and talking say. What is not here is the prober's own trouble. */
const outcomeByCode: Readonly<Record<string, Failure>> = {
  ECONNREFUSED: { outcome: 'refused', reason: 'connection refused: nothing listens on that port' },
  ECONNRESET: { outcome: 'refused', reason: 'the far end reset the connection' },
  EPIPE: { outcome: 'refused', reason: 'the far end closed the connection' },
  ETIMEDOUT: { outcome: 'timeout', reason: 'the kernel gave up waiting for an answer' },
  EHOSTUNREACH: { outcome: 'unreachable', reason: 'no route to the host' },
  ENETUNREACH: { outcome: 'unreachable', reason: 'no route to the network' },
  EHOSTDOWN: { outcome: 'unreachable', reason: 'the host is down' },
  ENETDOWN: { outcome: 'unreachable', reason: 'the network is down' },
  ENOTFOUND: { outcome: 'resolve_failed', reason: 'the name is not known' },
  EAI_AGAIN: { outcome: 'resolve_failed', reason: 'no answer from the name server' },
  EAI_FAIL: { outcome: 'resolve_failed', reason: 'the name server failed' },
  ENODATA: { outcome: 'resolve_failed', reason: 'the name has no address' },
};

/** Turns a failed system call into an outcome: a shortage of our own (files, ports, memory, rights) voids the probe. */
export function failureOf(error: NodeJS.ErrnoException): Failure {
  const known = outcomeByCode[error.code ?? ''];
  if (known !== undefined) return known;
  return {
    outcome: 'void',
    reason: `this member could not send: ${error.code ?? error.message}`.slice(0, 300),
  };
}

/** The same for an error of the TLS handshake, where what is not a broken connection is the certificate or protocol. */
export function tlsFailureOf(error: NodeJS.ErrnoException): Failure {
  const known = outcomeByCode[error.code ?? ''];
  if (known !== undefined) return known;
  const trouble = tlsTrouble(error) ?? `${error.code ?? ''} ${error.message}`;
  return { outcome: 'tls_failed', reason: `TLS: ${trouble}`.slice(0, 300) };
}

export function timedOut(during: string, timeoutMs: number): Failure {
  return { outcome: 'timeout', reason: `${during} within ${timeoutMs / 1000} s` };
}

export const stopped: Failure = { outcome: 'void', reason: 'the probe was stopped' };
