import type { LinkControl } from '../../lab/index.ts';
import type { Harm } from './fault.ts';
import type { FaultRing } from './fault-ring.ts';

/** Does harm; gives what undoes it. */
export async function inflict(ring: FaultRing, harm: Harm): Promise<() => Promise<void>> {
  switch (harm.kind) {
    case 'slow program': {
      const ownMs = ring.ownMs(harm.program);
      return told(ring, harm.program, `delay ${ownMs + harm.ms}`, `delay ${ownMs}`);
    }
    case 'slow tail':
      return told(ring, harm.program, `tail ${harm.ms}`, 'tail 0');
    case 'failing program':
      return told(ring, harm.program, `fail ${harm.percent}`, 'fail 0');
    case 'busy program':
      return told(ring, harm.program, `busy ${harm.ms}`, 'busy 0');
    case 'stops reading':
      return told(ring, harm.program, 'stop reading', 'read on');
    case 'slow proxy':
      await ring.limitProxy(harm.requestsPerSecond);
      return () => ring.limitProxy(undefined);
    case 'slow link': {
      const link = ring.link(harm.link);
      await slower(link, harm.ms, harm.way);
      return () => link.heal();
    }
    case 'slow way around the probes':
      await slower(ring.around, harm.ms, 'there');
      return () => ring.around.heal();
    case 'lossy link': {
      const link = ring.link(harm.link);
      await link.set({ lossRatio: harm.ratio });
      return () => link.heal();
    }
    case 'cut link': {
      const link = ring.link(harm.link);
      await link.set({ cut: true });
      return () => link.heal();
    }
    case 'no probes':
      await ring.restartMember(harm.location, false);
      return () => ring.restartMember(harm.location, true);
  }
}

function told(ring: FaultRing, program: string, worse: string, well: string): () => Promise<void> {
  ring.tell(program, worse);
  return () => Promise.resolve(ring.tell(program, well));
}

/** Adds to one direction, or half of it to each. `there` is towards the end that is named last. */
async function slower(link: LinkControl, ms: number, way: 'both' | 'there' | 'back'): Promise<void> {
  const [a, b] = link.between;
  const ends = { both: [a, b], there: [b], back: [a] }[way];
  for (const end of ends) {
    const direction = link.towards(end);
    await direction.set({ delayMs: direction.conditions().delayMs + ms / ends.length });
  }
}
