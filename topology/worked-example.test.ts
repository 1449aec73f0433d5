import { describe, expect, test } from 'vitest';
import { TopologyMapper } from './index.ts';
import { api, auth, client, postgres, redis, users, workedExample } from './fixtures/worked-example.ts';

function example(): TopologyMapper {
  const mapper = new TopologyMapper();
  mapper.observeTrafficBatch(workedExample());
  return mapper;
}

describe('the worked example', () => {
  test('has six services, each client one caller whatever its ports', () => {
    const { services, metadata } = example().generateTopologyMap();
    expect(Object.keys(services)).toEqual([api, auth, client, postgres, redis, users]);
    expect(metadata).toMatchObject({ total_observations: 455, service_count: 6, dependency_count: 5 });
  });

  test('has five dependencies with the numbers that arithmetic says', () => {
    const rows = example()
      .generateTopologyMap()
      .dependencies.map((one) => [
        one.source_service,
        one.target_service,
        one.protocol,
        one.request_count,
        one.total_bytes,
        one.error_count,
        Number(one.avg_latency_ms?.toFixed(3)),
      ]);
    expect(rows).toEqual([
      [api, auth, 'http', 100, 307_200, 0, 20],
      [api, users, 'http', 105, 322_560, 5, 40.476],
      [client, api, 'https', 100, 307_200, 0, 49.5],
      [users, postgres, 'postgres', 50, 230_400, 0, 25],
      [users, redis, 'redis', 100, 128_000, 0, 5],
    ]);
  });

  test('has the patterns that arithmetic says', () => {
    const patterns = example().analyzeTrafficPatterns();
    expect(patterns).toMatchObject({
      total_observations: 455,
      total_bytes: 1_295_360,
      service_count: 6,
      dependency_count: 5,
      protocol_distribution: { http: 205, https: 100, redis: 100, postgres: 50 },
    });
    expect(patterns.avg_latency_ms).toBeCloseTo(28.46, 2);
    expect(patterns.error_rate * 100).toBeCloseTo(1.099, 3);
  });

  test.each([
    [client, 'unknown'],
    [api, 'api_gateway'],
    [auth, 'microservice'],
    [users, 'microservice'],
    [postgres, 'database'],
    [redis, 'cache'],
  ])('takes %s for %s', (id, type) => {
    expect(example().getService(id)?.service_type).toBe(type);
  });

  test('finds a service by its short name', () => {
    expect(example().getService('user-service')).toMatchObject({
      service_id: users,
      endpoints: [{ host: users, port: 8080, protocol: 'http' }],
    });
    expect(example().getService('nobody')).toBeUndefined();
  });

  test('says what a service depends on and who depends on it', () => {
    const mapper = example();
    const ends = (direction?: 'inbound' | 'outbound'): string[][] =>
      mapper
        .getServiceDependencies(users, direction)
        .map((one) => [one.direction, one.source_service, one.target_service]);
    expect(ends('inbound')).toEqual([['inbound', api, users]]);
    expect(ends('outbound')).toEqual([
      ['outbound', users, redis],
      ['outbound', users, postgres],
    ]);
    expect(ends()).toHaveLength(3);
  });

  test('ranks services by degree and dependencies by mean latency, the threshold included', () => {
    const mapper = example();
    expect(mapper.findCriticalServices()).toEqual([
      [api, 3],
      [users, 3],
      [auth, 1],
      [client, 1],
      [postgres, 1],
      [redis, 1],
    ]);
    const slow = mapper.findBottlenecks({ latencyThresholdMs: 25 });
    expect(slow.map((one) => one.avg_latency_ms?.toFixed(1))).toEqual(['49.5', '40.5', '25.0']);
    expect(mapper.findBottlenecks()).toEqual([]);
  });
});
