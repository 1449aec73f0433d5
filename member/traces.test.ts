import type { Result } from '@netring/contract/result';
import { expect, it } from 'vitest';
import type { Check } from './schedule/index.ts';
import { createTraces } from './traces.ts';

const check: Check = {
  id: 'eu1-a',
  location: 'eu1',
  ip: '10.0.0.2',
  fixed: true,
  target: { key: 'eu1-a tcp', kind: 'tcp', host: '10.0.0.2', port: 1, closing: 'reset' },
};
const silence: Result = { kind: 'tcp', outcome: 'timeout', confirmed: true, ended_ms: 1 };

it('a path that turns silent is traced at once, but not for what a bandwidth test of ours did to it', () => {
  let nowMs = 0;
  const causes: string[] = [];
  const traces = createTraces({
    intervalMs: 300_000,
    maxHops: 30,
    now: () => nowMs,
    send: ({ cause }) => causes.push(cause),
  });
  traces.follow([check]);
  nowMs = 10_000;
  traces.spoilt(check.id);
  nowMs = 30_000;
  traces.found(check, { ...silence, disturbed: true });
  // A stream without an end is an answer.
  traces.found(check, { kind: 'http', outcome: 'timeout', confirmed: true, status: 200, ended_ms: 1 });
  expect(causes).toEqual(['schedule']);
  traces.found(check, silence);
  expect(causes).toEqual(['schedule', 'trouble']);
  traces.stop();
});
