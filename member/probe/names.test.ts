import { describe, expect, it } from 'vitest';
import { createNames, type Lookup } from './names.ts';

const patienceMs = 60_000;

/** A resolver that knows the names that begin with `well`, does not know `nobody`, and waits for a silent server for all others. */
function resolver(): { lookup: Lookup; asked: string[]; giveUp: (host: string) => void } {
  const asked: string[] = [];
  const silent = new Map<string, () => void>();
  const failed = (code: string) => Object.assign(new Error(code), { code });
  return {
    asked,
    lookup(host, found) {
      asked.push(host);
      if (host.startsWith('well')) setImmediate(() => found(null, '192.0.2.1'));
      else if (host === 'nobody') setImmediate(() => found(failed('ENOTFOUND'), ''));
      else silent.set(host, () => found(failed('EAI_AGAIN'), ''));
    },
    giveUp: (host) => silent.get(host)?.(),
  };
}

describe('addresses of names', () => {
  it('are asked for anew each time', async () => {
    const { lookup, asked } = resolver();
    const names = createNames(lookup);
    expect(await names.addressOf('well', patienceMs)).toBe('192.0.2.1');
    expect(await names.addressOf('well', patienceMs)).toBe('192.0.2.1');
    expect(await names.addressOf('nobody', patienceMs)).toMatchObject({ outcome: 'resolve_failed' });
    expect(asked).toEqual(['well', 'well', 'nobody']);
  });

  it('are asked for twice at a time at most, however many checks wait', async () => {
    const { lookup, asked, giveUp } = resolver();
    const names = createNames(lookup);
    const reason = 'no answer from the name server within 0.001 s';
    for (let check = 0; check < 20; check++)
      expect(await names.addressOf('silent', 1)).toEqual({ outcome: 'resolve_failed', reason });
    expect(asked).toEqual(['silent', 'silent']);
    const joined = [names.addressOf('silent', patienceMs), names.addressOf('silent', patienceMs)];
    for (let lookup = 0; lookup < 2; lookup++) giveUp('silent');
    for (const found of await Promise.all(joined)) expect(found).toMatchObject({ outcome: 'resolve_failed' });
    void names.addressOf('silent', 1);
    expect(asked).toEqual(['silent', 'silent', 'silent']);
  });

  it('whose first question was lost on the way are found by the second, which somebody asks who was not answered', async () => {
    const found: ((error: null, address: string) => void)[] = [];
    const names = createNames((_, tell) => void found.push(tell));
    expect(await names.addressOf('lossy', 1)).toMatchObject({ outcome: 'resolve_failed' });
    const again = names.addressOf('lossy', patienceMs);
    const joined = names.addressOf('lossy', patienceMs);
    expect(found).toHaveLength(2);
    found[1]?.(null, '192.0.2.7');
    expect(await Promise.all([again, joined])).toEqual(['192.0.2.7', '192.0.2.7']);
    const fresh = names.addressOf('lossy', patienceMs);
    // The answer to the first one belongs to nobody any more.
    found[0]?.(null, '192.0.2.8');
    found[2]?.(null, '192.0.2.9');
    expect(await fresh).toBe('192.0.2.9');
  });

  it('are found while the server of another name is silent, whose checks come again and again', async () => {
    const { lookup } = resolver();
    const names = createNames(lookup);
    for (let check = 0; check < 20; check++) await names.addressOf('silent', 1);
    expect(await names.addressOf('well', patienceMs)).toBe('192.0.2.1');
  });

  it('that had no turn are nobody’s fault, and what nobody waits for any more is not asked', async () => {
    const { lookup, asked, giveUp } = resolver();
    const names = createNames(lookup);
    const silent = Array.from({ length: 8 }, (_, at) => `silent${at}`);
    for (const host of silent) await names.addressOf(host, 1);
    expect(asked).toEqual(silent);
    expect(await names.addressOf('well, but late', 1)).toMatchObject({ outcome: 'void' });
    const patient = names.addressOf('well', patienceMs);
    expect(asked).toEqual(silent);
    giveUp('silent3');
    expect(await patient).toBe('192.0.2.1');
    expect(asked).toEqual([...silent, 'well']);
  });
});
