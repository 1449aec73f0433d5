import { expect, test } from 'vitest';
import { mapperOf, seen } from './fixtures/observe.ts';
import { diff } from './index.ts';

const calls = (to: string, rest = {}) => seen('web', to, rest);

test('a map compared with itself has no differences', () => {
  const map = mapperOf([calls('a')]).generateTopologyMap();
  const { services, dependencies } = diff(map, map);
  expect([...Object.values(services), ...Object.values(dependencies)].flat()).toEqual([]);
});

test('services and dependencies gained and lost, what does worse, and what turned out to be something else', () => {
  const before = mapperOf([calls('stays'), calls('goes'), calls('turns:80')]).generateTopologyMap();
  const after = mapperOf([
    calls('stays', { status_code: 500 }),
    calls('comes'),
    calls('turns:80'),
    calls('turns:5432'),
  ]).generateTopologyMap();
  const key = (target_service: string, protocol = 'http') => ({
    source_service: 'web',
    target_service,
    protocol,
  });
  expect(diff(before, after)).toEqual({
    services: {
      gained: ['comes'],
      lost: ['goes'],
      reclassified: [{ service_id: 'turns', from: 'web_server', to: 'database' }],
      changed_health: [{ service_id: 'stays', from: 'healthy', to: 'failing' }],
    },
    dependencies: {
      gained: [key('comes'), key('turns', 'postgres')],
      lost: [key('goes')],
      changed_health: [{ ...key('stays'), from: 'healthy', to: 'failing' }],
    },
  });
});

test('names that mean something to JavaScript are names like any other', () => {
  const none = mapperOf([]).generateTopologyMap();
  const some = mapperOf([seen('constructor', '__proto__')]).generateTopologyMap();
  expect(diff(none, some).services.gained.sort()).toEqual(['__proto__', 'constructor']);
  expect(diff(some, none).services.lost.sort()).toEqual(['__proto__', 'constructor']);
});
