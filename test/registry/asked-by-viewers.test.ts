import { afterAll, beforeAll, expect, test } from 'vitest';
import { call } from './call.ts';
import { startRegistry, type RunningRegistry } from './start-registry.ts';

let registry: RunningRegistry;
beforeAll(async () => {
  registry = await startRegistry({ environment: {} });
});
afterAll(() => registry.stop());

const ask = (path: string) => call(registry.url, path);

test('what would have fired: with nothing kept, nothing', async () => {
  const { status, json } = await ask('/api/alerts/what-if?rule=loss&threshold=0.01');
  expect(status).toBe(200);
  expect(json).toMatchObject({
    rule: 'loss',
    threshold: 0.01,
    count: 0,
    alerts: [],
    present: { threshold: 0.05, count: 0 },
  });
});

test.for([
  ['/api/alerts/what-if?rule=member_down&threshold=1', 'rule'],
  ['/api/alerts/what-if?rule=loss', 'threshold'],
  ['/api/alerts/what-if?rule=loss&threshold=-1', 'threshold'],
  ['/api/names', 'address'],
  ['/api/names?address=router.example', 'address'],
])('%s is refused, with the field that is wrong', async ([path = '', field]) => {
  const { status, json } = await ask(path);
  expect([status, (json as { error: { field: string } }).error.field]).toEqual([400, field]);
});

test('an address on no known route is not asked for', async () => {
  expect((await ask('/api/names?address=192.0.2.1&address=2001:db8::1')).json).toEqual({ names: {} });
});

test('what is usual: nothing is, without a history', async () => {
  expect((await ask('/api/baselines')).json).toMatchObject({ baselines: [] });
});
