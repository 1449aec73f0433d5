import type { Account, DeliveryState } from './account.ts';
import type { Attempt } from './attempt.ts';
import { owed, told } from './due.ts';
import type { Encoded, Receiver } from './receiver.ts';
import type { Item } from './rounds.ts';

/** Puts down how the receiver took a try. */
export function noteHealth(state: DeliveryState, { id }: Receiver, result: Attempt, nowMs: number): void {
  const health = state.receivers[id] ?? { failures: 0 };
  if (result.outcome === 'delivered') {
    const { error: _, ...rest } = health;
    state.receivers[id] = { ...rest, lastSuccessMs: nowMs, failures: 0 };
  } else {
    const { failures } = health;
    state.receivers[id] = { ...health, lastFailureMs: nowMs, failures: failures + 1, error: result.error };
  }
}

/** Puts down what the receiver knows of an incident after a try. */
export function note(
  state: DeliveryState,
  { id }: Receiver,
  { account, reason, facts }: Item,
  { result, encoded, nowMs }: { result: Attempt; encoded: Encoded; nowMs: number },
): void {
  if (result.outcome !== 'delivered') {
    owe(state, { id }, { account, reason });
    return;
  }
  const now = state.accounts[account.last.id] ?? broughtBack(state, { account, reason });
  if (now === undefined) return;
  const parts = encoded.parts === undefined ? {} : { parts: encoded.parts };
  now.progress = { ...now.progress, [id]: { ...told(now.progress[id], reason, facts, nowMs), ...parts } };
}

/** What was dropped while its first word was on its way, since nobody knew of it: now somebody does, and is owed its end. */
function broughtBack(
  { accounts }: DeliveryState,
  { account, reason }: Pick<Item, 'account' | 'reason'>,
): Account | undefined {
  if (reason === 'resolved') return undefined;
  return (accounts[account.last.id] = { ...account, progress: {} });
}

/** Puts down that a first word is due and cannot be brought; whether that is new. */
export function owe(
  { accounts }: DeliveryState,
  { id }: Pick<Receiver, 'id'>,
  { account, reason }: Pick<Item, 'account' | 'reason'>,
): boolean {
  const now = accounts[account.last.id];
  const before = now?.progress[id];
  if (now === undefined || reason !== 'opened' || before?.state === 'owed') return false;
  now.progress = { ...now.progress, [id]: owed(before) };
  return true;
}
