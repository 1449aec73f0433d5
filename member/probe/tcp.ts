import type { TcpResult } from '@netring/contract/result';
import { monotonicMs } from '../clock.ts';
import { closeConnection, openConnection } from './connect.ts';
import type { Names } from './names.ts';
import type { Options, Target } from './probe.ts';
import { roundedMs } from './rounded.ts';
import { firstSynWaitMs, synLinearTimeouts, synRetransmits } from './syn-retransmits.ts';

/** One TCP connect, timed from the system call to the moment the socket is writable. */
export async function probeTcp(
  target: Target,
  options: Options,
  signal: AbortSignal,
  names: Names,
): Promise<TcpResult> {
  const connected = await openConnection(target, options, signal, names);
  const retransmits = retransmitsOf(connected.connectMs ?? 0, options.timeoutMs);
  const common = {
    kind: 'tcp',
    ended_ms: roundedMs(monotonicMs()),
    ...(retransmits > 0 && { syn_retransmits: retransmits }),
  } satisfies Partial<TcpResult>;
  if ('failure' in connected) return { ...common, ...connected.failure };
  closeConnection(connected.socket, target.closing);
  // A connect that needed a second SYN says nothing about the path's latency.
  return {
    ...common,
    outcome: 'ok',
    ...(retransmits === 0 && { connect_ms: roundedMs(connected.connectMs ?? 0) }),
  };
}

function retransmitsOf(connectMs: number, timeoutMs: number): number {
  // A SYN that goes out in the very moment of giving up has had no chance of an answer.
  const elapsedMs = connectMs < timeoutMs ? connectMs : timeoutMs - 1;
  return elapsedMs < firstSynWaitMs ? 0 : synRetransmits(elapsedMs, synLinearTimeouts());
}
