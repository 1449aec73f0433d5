import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLogger } from './log.ts';
import { makeCa, makeCertificate, opensslMissing, type MadePair } from './made-certificates.ts';
import { openRingTls } from './ring-tls.ts';

const missing = opensslMissing();
const yearMs = 365 * 86_400_000;

describe.skipIf(missing !== undefined)(
  `certificates that are replaced${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let folder: string;
    let ca: MadePair;
    const make = () => makeCertificate(folder, 'node', ca, { names: 'IP:127.0.0.1' });
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'netring-ring-tls-'));
      ca = makeCa(folder, 'ca');
    });
    afterAll(() => rmSync(folder, { recursive: true }));
    beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval'] }));
    afterEach(() => void vi.useRealTimers());

    test('what could not be used is told once, and used as soon as it can be', async () => {
      const log = createLogger('member', 'silent' as 'error');
      const error = vi.spyOn(log, 'error');
      const { cert, key } = make();
      let ageMs = 0;
      const tls = openRingTls(
        { tlsCert: cert, tlsKey: key, tlsCa: undefined },
        log,
        () => Date.now() - ageMs,
      );
      const changed = vi.fn();
      tls.onChange(changed);
      try {
        // A clock that goes wrong: the new certificate is not valid yet.
        ageMs = yearMs;
        make();
        await vi.advanceTimersByTimeAsync(30_000);
        expect(error).toHaveBeenCalledOnce();
        process.emit('SIGHUP');
        expect(error).toHaveBeenCalledTimes(2);
        expect(changed).not.toHaveBeenCalled();
        ageMs = 0;
        await vi.advanceTimersByTimeAsync(30_000);
        expect(changed).toHaveBeenCalledOnce();
        expect(error).toHaveBeenCalledTimes(2);
      } finally {
        tls.stop();
      }
    });
  },
);
