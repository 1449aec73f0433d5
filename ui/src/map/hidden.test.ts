import { expect, test } from 'vitest';
import { exampleDependency, exampleGraph, exampleService } from '../example/example-graph.ts';
import { hiddenWords, withHidden } from './hidden.ts';

test.for([
  [{}, undefined],
  [{ health_check: 0 }, undefined],
  [{ health_check: 1 }, '1 request of health checks hidden'],
  [
    { health_check: 120, monitoring: 300 },
    '420 requests hidden: 120 of health checks, 300 of scrapers and probes',
  ],
  [{ own_backup: 3 }, '3 requests of own backup hidden'],
] as [Record<string, number>, string | undefined][])('%j is told as %s', ([hidden, words]) => {
  expect(hiddenWords(hidden)).toBe(words);
});

test('what is hidden comes to the live graph, and takes nothing from it', () => {
  const live = exampleDependency('us1/web', 'us1/api');
  const scrape = exampleDependency('us1/prometheus', 'us1/api');
  const graph = exampleGraph([exampleService('us1/web'), exampleService('us1/api')], [live]);
  const shown = {
    services: Object.fromEntries(
      ['us1/prometheus', 'us1/api'].map((id) => [id, exampleService(id, { health: 'slow' })]),
    ),
    dependencies: [scrape, { ...live, request_count: 9_000 }],
    positions: {},
  };
  const whole = withHidden(graph, shown as never);
  expect([...whole.dependencies.values()]).toEqual([scrape, live]);
  expect(whole.services.get('us1/api')?.health).toBe('healthy');
  expect(whole.services.has('us1/prometheus')).toBe(true);
});
