import { describe, expect, test } from 'vitest';
import { plainEndNames } from '../access-logs/index.ts';
import { appObserver } from './app-observation.ts';
import { appPattern } from './app-pattern.ts';
import { appTime } from './app-time.ts';

const source = { path: '/x.log', pattern: '.', service: 'orders', caller: 'shop' };
const observe = appObserver(source, plainEndNames);

describe('a line of an application', () => {
  test('is a request of the caller to the service', () => {
    const pattern = /^(?<timestamp>\S+ \S+) (?<method>[A-Z]+) (?<path>\S+) (?<status>\d+) (?<duration>\S+)$/u;
    const groups = pattern.exec('2024-01-01 12:00:00 GET /api/users?id=1 200 45ms')?.groups ?? {};
    expect(observe(groups, 0)).toMatchObject({
      timestamp_ms: Date.parse('2024-01-01T12:00:00'),
      source: { service: 'peer:shop' },
      destination: { service: 'service:orders' },
      protocol: 'http',
      method: 'GET',
      path: '/api/users',
      status_code: 200,
      latency_ms: 45,
    });
  });

  test.each([
    ['an address that asks', { source: '10.0.0.7:51000' }, 'address:10.0.0.7', 'service:orders'],
    ['a service that asks', { source: 'web' }, 'peer:web', 'service:orders'],
    ['whom the service asks', { destination: '10.0.0.9:5432' }, 'peer:shop', 'address:10.0.0.9:5432'],
    ['a URL', { destination: 'http://users:8080/x' }, 'peer:shop', 'address:users:8080'],
    ['IPv6', { source: 'fd00::1', destination: '[fd00::2]:80' }, 'address:[fd00::1]', 'address:[fd00::2]:80'],
  ])('names %s', (_, groups, asking, asked) => {
    expect(observe(groups, 0)).toMatchObject({
      source: { service: asking },
      destination: { service: asked },
    });
  });

  test('without a caller is of the service itself, when it names whom it asks', () => {
    const own = appObserver({ path: '/x', pattern: '.', service: 'orders' }, plainEndNames);
    expect(own({ destination: 'users' }, 0)).toMatchObject({
      source: { service: 'service:orders' },
      destination: { service: 'peer:users' },
    });
  });

  test.each([
    [{ duration: '45' }, 45],
    [{ duration: '1.5s' }, 1500],
    [{ duration: '300µs' }, 0.3],
    [{ duration_s: '0.25' }, 250],
    [{ duration_us: '500' }, 0.5],
    [{ duration: '-' }, undefined],
    [{ duration: '5', status: '101' }, undefined],
  ])('took %j', (groups, ms) => {
    expect(observe(groups, 0)).toMatchObject({ latency_ms: ms });
  });

  test.each([
    [{ timestamp: 'noon' }, 'no_time'],
    [{ status: '2000' }, 'bad_status'],
    [{ duration: '-5ms' }, 'bad_duration'],
    [{ duration: '5 parsecs' }, 'bad_duration'],
    [{ bytes: '1e3' }, 'bad_bytes'],
    [{ source: '-' }, 'no_ends'],
  ])('%j is refused as %s', (groups, reason) => {
    expect(observe(groups, 0)).toBe(reason);
  });

  test('of an unknown protocol is a mistake of the configuration', () => {
    expect(() => appObserver({ ...source, protocol: 'smoke' }, plainEndNames)).toThrow(
      /^protocol: must be one of/,
    );
  });
});

describe('a pattern', () => {
  test.each([
    ['(?<status>', /no regular expression/],
    ['^\\d+$', /no named group/],
    ['(?<status>\\d+) (?<colour>\\w+)', /has a group colour; known ones are timestamp/],
    ['(?<status>\\d+)', /does not tell who asks/],
  ])('is refused: %s', (pattern, reason) => {
    expect(() => appPattern(pattern, false)).toThrow(reason);
  });
  test.each(['(?<source>\\S+)', '(?<destination>\\S+) (?<status>\\d+)'])('tells who asks: %s', (pattern) => {
    expect(appPattern(pattern, false).has('status')).toBe(pattern.includes('status'));
  });
});

test.each([
  ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
  ['2026-01-31 12:00:00,250 +0100', '2026-01-31T11:00:00.250Z'],
  ['2026/01/31 12:00:00.123456 UTC', '2026-01-31T12:00:00.123Z'],
  ['1769860800', '2026-01-31T12:00:00.000Z'],
  ['1769860800.5', '2026-01-31T12:00:00.500Z'],
  ['1769860800123', '2026-01-31T12:00:00.123Z'],
  ['1769860800123456789', '2026-01-31T12:00:00.123Z'],
])('the time %s', (text, iso) => {
  expect(new Date(appTime(text)).toISOString()).toBe(iso);
});
