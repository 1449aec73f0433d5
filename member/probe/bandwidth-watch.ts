import type { Direction } from '@netring/contract/bandwidth';
import type { Control } from './bandwidth-control.ts';
import type { Progress } from './bandwidth-rate.ts';
import { watchStrain } from './bandwidth-strain.ts';
import type { Evidence, Sight } from './bandwidth-verdict.ts';
import { tellMs, type Told } from './bandwidth-wire.ts';

/** Gathers what is known of a direction under way, from both ends. */
export interface DirectionWatch {
  evidence(): Evidence;
  /** Bytes that the receiving end has got. */
  received(): number;
  /** Whether the far end sends no more, since its own bound is reached. */
  farEndIsSpent(): boolean;
  stop(): void;
}

/** @param receivedHere bytes that this end has got, where it receives */
export function watchDirection(
  direction: Direction,
  control: Control,
  receivedHere: () => number,
  now: () => number,
): DirectionWatch {
  const startedMs = now();
  const strain = watchStrain(now);
  const progress: Progress[] = [];
  const sights: Sight[] = [];
  let told: Told | undefined;
  const note = (atMs: number, bytes: number) => void progress.push({ atMs, bytes });
  const counting = setInterval(() => {
    if (direction === 'return') note(now(), receivedHere());
  }, tellMs);

  control.onTold = (next) => {
    told = next;
    if (direction === 'forward') note(next.at_ms, next.got);
    const here = strain.read();
    const there = { busy: next.busy, lateMs: next.late_ms, resent: next.resent };
    const [sender, receiver] = direction === 'forward' ? [here, there] : [there, here];
    sights.push({
      atMs: now(),
      senderBusy: sender.busy,
      receiverBusy: receiver.busy,
      senderLateMs: sender.lateMs,
      receiverLateMs: receiver.lateMs,
      resent: sender.resent,
    });
  };
  return {
    evidence: () => ({
      progress,
      sights,
      echoes: control.echoes,
      idleRttMs: control.idleRttMs(),
      nowMs: now(),
      startedMs,
    }),
    received: () => (direction === 'forward' ? (told?.got ?? 0) : receivedHere()),
    farEndIsSpent: () => direction === 'return' && told?.spent === true,
    stop() {
      clearInterval(counting);
      strain.stop();
      control.onTold = () => undefined;
    },
  };
}
