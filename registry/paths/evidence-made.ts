import type { Outcome, Result } from '@netring/contract/result';
import type { Evidence } from './evidence.ts';

/** Made-up evidence for tests: fresh, without loss. */
export const known = {
  endpoint: undefined,
  ageMs: 0,
  answeredAgeMs: 0,
  silentForMs: Infinity,
  freshMs: 25_000,
  voided: false,
  sent: 12,
  lost: 0,
  lossyRounds: 0,
  forwardLost: 0,
  returnLost: 0,
  slow: undefined,
};

export function tcp(outcome: Outcome, change: Partial<Evidence> & { confirmed?: boolean } = {}): Evidence {
  const { confirmed, ...rest } = change;
  const last: Result = { kind: 'tcp', outcome, ended_ms: 0, ...(confirmed ? { confirmed } : {}) };
  return { ...known, last, ...rest };
}

export function http(outcome: Outcome, status?: number, change: Partial<Evidence> = {}): Evidence {
  const last: Result = { kind: 'http', outcome, ended_ms: 0, ...(status === undefined ? {} : { status }) };
  return { ...known, endpoint: '/health', last, ...change };
}

const packets = { received: 0, sent: 4, forward_lost: 0, return_lost: 0, reordered: 0, duplicates: 0 };

export function icmp(outcome: Outcome, change: Partial<Evidence> = {}): Evidence {
  return { ...known, sent: 60, last: { kind: 'icmp', outcome, ended_ms: 0, ...packets }, ...change };
}

export type Flows = Extract<Result, { kind: 'udp' }>['flows'];

export function udp(outcome: Outcome, change: Partial<Evidence> & { flows?: Flows } = {}): Evidence {
  const { flows, ...rest } = change;
  const last: Result = { kind: 'udp', outcome, ended_ms: 0, ...packets, ...(flows ? { flows } : {}) };
  return { ...known, sent: 240, last, ...rest };
}

/** Silent for so long, by its newest result. */
export const silentFor = (ms: number) => ({
  answeredAgeMs: ms,
  silentForMs: Number.isFinite(ms) ? ms - 1_000 : 60_000,
});
