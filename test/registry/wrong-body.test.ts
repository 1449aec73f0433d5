import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call } from './call.ts';
import { expectRefused, invalid, startCalmRing, type CalmRing } from './calm-ring.ts';
import { joinToken } from './start-registry.ts';
import { reportAnswerOf, reportOf } from './test-member.ts';

let ring: CalmRing;
beforeAll(async () => {
  ring = await startCalmRing();
});
afterAll(() => ring.registry.stop());

describe('a body', () => {
  const tooLarge = (bytes: number) => ({
    code: 'body_too_large',
    message: `the body may have at most ${bytes} bytes`,
  });

  test('that is too large is refused by what it announces', async () => {
    expectRefused(await ring.post('/register', Buffer.alloc(65_537), joinToken), 413, tooLarge(65_536));
  });

  test('that is too large is refused as it comes, when it announces nothing', async () => {
    const options = { body: Buffer.alloc(70_000), bearer: ring.ann.session, chunked: true };
    expectRefused(await call(ring.registry.url, '/heartbeat', options), 413, tooLarge(65_536));
  });

  test('that inflates beyond the limit is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    const answer = await ring.post('/report', bomb, ring.ann.session, { 'content-encoding': 'gzip' });
    expectRefused(answer, 413, tooLarge(4_194_304));
  });

  test('that is broken gzip, or of an encoding nobody knows, is refused', async () => {
    const broken = { code: 'broken_gzip', message: 'the body is not what content-encoding: gzip says' };
    const whole = gzipSync(JSON.stringify(reportOf('ann', 9, {})));
    for (const body of [randomBytes(100), whole.subarray(0, -9), Buffer.alloc(0)])
      expectRefused(
        await ring.post('/report', body, ring.ann.session, { 'content-encoding': 'gzip' }),
        400,
        broken,
      );
    expectRefused(await ring.post('/report', '{}', ring.ann.session, { 'content-encoding': 'br' }), 415, {
      code: 'unknown_encoding',
      message: 'content-encoding must be gzip or absent',
    });
  });
});

describe('a report', () => {
  test('with bad records has these refused with index, field and reason, and the others taken', async () => {
    const report = reportOf('ann', 1, { bob: 'ok' });
    const good = report.paths[0] as object;
    const bad = [
      { ...good, target: '' },
      { ...good, sent: -1 },
      'nonsense',
      { ...good, last: { kind: 'pigeon' } },
    ];
    const answer = await ring.post('/report', { ...report, paths: [...bad, good] }, ring.ann.session);
    expect(answer.status).toBe(200);
    expect(reportAnswerOf(answer).refused).toEqual([
      { index: 0, field: 'target', reason: 'target: must not be empty' },
      { index: 1, field: 'sent', reason: 'sent: Too small: expected number to be >=0' },
      { index: 2, reason: 'must be an object' },
      {
        index: 3,
        field: 'last.kind',
        reason: "last.kind: Invalid discriminator value. Expected 'tcp' | 'http' | 'icmp' | 'udp'",
      },
    ]);
  });

  test('about members that do not exist is taken, and shown to nobody', async () => {
    const answer = await ring.post(
      '/report',
      reportOf('ann', 2, { 'x<script>': 'timeout', bob: 'ok' }),
      ring.ann.session,
    );
    expect(answer.status).toBe(200);
    expect((await call(ring.registry.url, '/api/paths')).text).not.toContain('script');
  });

  test('with too many records is refused as a whole', async () => {
    const paths = new Array(5_001).fill({});
    const answer = await ring.post('/report', { ...reportOf('ann', 3, {}), paths }, ring.ann.session);
    expectRefused(answer, 400, invalid('paths', 'must have at most 5000 records'));
  });
});

test('nothing of all this has changed what others see', () => ring.expectUndisturbed());
