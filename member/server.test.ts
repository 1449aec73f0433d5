import { errorAnswer } from '@netring/contract/error';
import { newNonce, provesAddress, signedAnswer } from '@netring/contract/proof';
import { createLogger } from '@netring/service/log';
import { describe, expect, it } from 'vitest';
import { createServerApp, type ServerNeeds } from './server.ts';

const claim = { instance_id: 'm1', ip: '10.0.0.1', port: 8757 };
const token = '0123456789abcdef';

function app(needs: Partial<ServerNeeds> = {}) {
  return createServerApp({
    health: () => ({
      status: 'healthy',
      instance_id: 'm1',
      location: 'us1',
      members_count: 2,
      timestamp: 1.5,
      version: '0.1.0',
      component: 'member',
      reasons: [],
    }),
    metrics: { text: () => Promise.resolve('netring_members_total 2\n'), contentType: 'text/plain' },
    token,
    claim: () => claim,
    reading: { kind: 'key', key: 'the reader’s key' },
    now: () => 0,
    log: createLogger('member', 'silent' as 'error'),
    ...needs,
  });
}

/** Asks as somebody at `from` does. */
function ask(
  path: string,
  from: string,
  headers: Record<string, string> = {},
  needs: Partial<ServerNeeds> = {},
) {
  const bindings = { incoming: { socket: { remoteAddress: from } } };
  return app(needs).request(path, { headers }, bindings);
}

describe('what a member answers', () => {
  it.each([
    ['/health', '10.0.0.2', {}, {}, 200],
    ['/metrics', '127.0.0.1', {}, {}, 200],
    ['/metrics', '::ffff:127.0.0.1', {}, {}, 200],
    ['/metrics', '::1', {}, {}, 200],
    ['/metrics', '10.0.0.2', {}, {}, 401],
    ['/metrics', '10.0.0.2', { authorization: 'Bearer guessed' }, {}, 401],
    ['/metrics', '10.0.0.2', { authorization: 'Bearer the reader’s key' }, {}, 200],
    ['/metrics', '10.0.0.2', {}, { reading: { kind: 'open' } }, 200],
    ['/metrics', '10.0.0.2', {}, { reading: { kind: 'local' } }, 403],
    ['/proof', '10.0.0.2', {}, {}, 400],
    ['/proof?nonce=..%2F', '10.0.0.2', {}, {}, 400],
    [`/proof?nonce=${newNonce()}`, '10.0.0.2', {}, { token: undefined }, 404],
    ['/..%2F..%2Fetc%2Fpasswd', '10.0.0.2', {}, {}, 404],
    ['/metrics/', '10.0.0.2', {}, {}, 404],
  ] as [string, string, Record<string, string>, Partial<ServerNeeds>, number][])(
    '%s to %s with %j: %j',
    async (path, from, headers, needs, status) => {
      // Header values are bytes: what is not Latin-1 in a test is written as its bytes.
      const bytes = Object.entries(headers).map(([name, value]) => [
        name,
        Buffer.from(value).toString('latin1'),
      ]);
      const key = Buffer.from('the reader’s key').toString('latin1');
      const answer = await ask(path, from, Object.fromEntries(bytes) as Record<string, string>, {
        reading: { kind: 'key', key },
        ...needs,
      });
      expect(answer.status).toBe(status);
      if (status >= 400) expect(errorAnswer.safeParse(await answer.json()).success).toBe(true);
    },
  );

  it('proves its own address, and no other', async () => {
    const nonce = newNonce();
    const answer = signedAnswer.parse(await (await ask(`/proof?nonce=${nonce}`, '10.0.0.2')).json());
    expect(answer).toMatchObject({ ...claim, nonce });
    expect(provesAddress(token, claim, answer)).toBe(true);
    expect(provesAddress(token, { ...claim, ip: '192.0.2.1' }, answer)).toBe(false);
  });

  it('answers no more questions than a ring has', async () => {
    const asked = app();
    const askFrom = async (remoteAddress: string) => {
      const bindings = { incoming: { socket: { remoteAddress } } };
      return (await asked.request(`/proof?nonce=${newNonce()}`, {}, bindings)).status;
    };
    const statuses = new Set<number>();
    for (let i = 0; i < 1001; i++) statuses.add(await askFrom('10.0.0.2'));
    expect([...statuses]).toEqual([200, 429]);
    // One that asks too often takes nothing from another.
    expect(await askFrom('10.0.0.3')).toBe(200);
  });

  it('says 503 with reasons when it is unhealthy', async () => {
    const health = { status: 'unhealthy' as const, reasons: ['nothing is measured'] };
    const base = {
      instance_id: 'm1',
      location: 'us1',
      members_count: 0,
      timestamp: 1,
      version: '0',
      component: 'member' as const,
    };
    const answer = await ask('/health', '10.0.0.2', {}, { health: () => ({ ...base, ...health }) });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject(health);
  });

  it('keeps its inside to itself when it fails', async () => {
    const failing = { text: () => Promise.reject(new Error('secret detail')), contentType: 'text/plain' };
    const answer = await ask('/metrics', '127.0.0.1', {}, { metrics: failing });
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret detail');
  });
});
