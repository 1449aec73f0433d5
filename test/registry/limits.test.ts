import type { RegisterAnswer } from '@netring/contract/member';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { call, type Answer } from './call.ts';
import { joinToken, startRegistry, type RunningRegistry } from './start-registry.ts';
import { join, lasting, members } from './test-member.ts';

let registry: RunningRegistry;
beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(() => registry.stop());

const codeOf = (answer: Answer) => (answer.json as { error?: { code: string } }).error?.code ?? 'taken';

function register(i: number): Promise<Answer> {
  const body = { instance_id: `loop-${i}`, location: 'us1', ip: '192.0.2.1', port: 1 + i };
  return call(registry.url, '/register', { body, bearer: joinToken });
}

test('of ten thousand registrations from one address 64 are taken, and the others told why not', async () => {
  const ann = await join(registry.url, 'ann');
  const before = lasting(await members(registry.url));
  const answers: Answer[] = [];
  for (let done = 0; done < 10_000; done += 50)
    answers.push(...(await Promise.all(Array.from({ length: 50 }, (_, i) => register(done + i)))));
  const taken = answers.filter(({ status }) => status === 200);
  expect(taken).toHaveLength(64);
  const refused = answers.filter(({ status }) => status !== 200);
  expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([429]));
  expect([...new Set(refused.map(codeOf))].sort()).toEqual(['too_many_registrations', 'too_many_unproved']);
  for (const { headers } of refused) expect(Number(headers['retry-after'])).toBeGreaterThan(0);

  // On a slow machine all this takes so long that she would be stale.
  await ann.heartbeat();
  const after = await members(registry.url);
  expect(after).toHaveLength(65);
  expect(lasting(after.filter(({ instance_id }) => instance_id === 'ann'))).toEqual(before);
  expect(new Set(taken.map(({ json }) => (json as RegisterAnswer).session)).size).toBe(64);
});

test('too many wrong tokens are answered ever slower, and a right one all the same', async () => {
  const guess = () => call(registry.url, '/register', { body: {}, bearer: 'a guess' });
  const codes: string[] = [];
  // A machine that guesses slowly is refused later.
  while (codes.length < 30 || (codes.length < 1_000 && !codes.includes('too_many_wrong_tokens')))
    codes.push(codeOf(await guess()));
  expect(codes.slice(0, 20)).toEqual(new Array(20).fill('wrong_token'));
  expect(codes).toContain('too_many_wrong_tokens');
  await join(registry.url, 'ann');
});

test('as many members are kept as the configuration allows, and known ones come back', async () => {
  const small = await startRegistry({ environment: { NETRING_MAX_MEMBERS: '2' } });
  await join(small.url, 'ann');
  const bob = await join(small.url, 'bob');
  await expect(join(small.url, 'carl')).rejects.toThrow('429');
  await bob.deregister();
  await join(small.url, 'bob');
  await small.stop();
});
