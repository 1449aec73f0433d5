import { describe, expect, test } from 'vitest';
import { mapperOf, seen, startMs } from './fixtures/observe.ts';
import { createTrafficObservation, ServiceClassifier, type Protocol, type ServiceType } from './index.ts';

function typeOf(host: string, port: number, protocol: Protocol, path = '/', from = 'web'): ServiceType {
  const destination = { host, port };
  const observation = createTrafficObservation({
    timestamp_ms: startMs,
    source: { host: from },
    destination,
    protocol,
    path,
  });
  return new ServiceClassifier().classifyService(destination, observation);
}

describe('a name is words, not letters', () => {
  test.each(['feedback', 'album-svc', 'rapid-svc', 'albany-host'])('%s is an ordinary service', (name) => {
    expect(typeOf(name, 8080, 'http')).toBe('microservice');
  });

  test.each<[string, ServiceType]>([
    ['orders-db', 'database'],
    ['db1', 'database'],
    ['edge-lb', 'load_balancer'],
    ['alb', 'load_balancer'],
    ['api', 'api_gateway'],
    ['api-gateway', 'api_gateway'],
    ['session-cache', 'cache'],
    ['jobs-queue', 'message_queue'],
    ['www', 'web_server'],
    ['user-api', 'microservice'],
    ['redis-exporter', 'web_server'],
  ])('%s is %s', (name, type) => {
    expect(typeOf(name, 9999, 'http')).toBe(type);
  });
});

describe('what listens', () => {
  test.each<[string, number, Protocol, ServiceType]>([
    ['x', 1234, 'postgres', 'database'],
    ['x', 1234, 'mysql', 'database'],
    ['x', 1234, 'mongodb', 'database'],
    ['x', 1234, 'redis', 'cache'],
    ['x', 1234, 'amqp', 'message_queue'],
    ['x', 1234, 'kafka', 'message_queue'],
    ['x', 5432, 'tcp', 'database'],
    ['x', 11211, 'tcp', 'cache'],
    ['x', 6379, 'http', 'microservice'],
    ['x', 80, 'http', 'web_server'],
    ['x', 443, 'https', 'web_server'],
    ['x', 50051, 'grpc', 'microservice'],
    ['x', 4321, 'tcp', 'unknown'],
    ['172.217.1.1', 443, 'https', 'external_api'],
    ['api.stripe.com', 443, 'https', 'external_api'],
    ['172.16.1.1', 443, 'https', 'web_server'],
    ['100.64.1.1', 443, 'https', 'web_server'],
    ['fc00::1', 443, 'https', 'web_server'],
    ['shop.internal', 443, 'https', 'web_server'],
    ['shop.a.svc.cluster.local', 443, 'https', 'web_server'],
  ])('%s:%i by %s is %s', (host, port, protocol, type) => {
    expect(typeOf(host, port, protocol)).toBe(type);
  });

  test.each<[string, ServiceType]>([
    ['/api', 'api_gateway'],
    ['/api/users', 'api_gateway'],
    ['/apikeys', 'web_server'],
  ])('a path of %s suggests %s', (path, type) => {
    expect(typeOf('x', 80, 'http', path)).toBe(type);
  });
});

describe('a service is looked at again as evidence comes', () => {
  test('what first looked like a web server is a gateway once most paths say so', () => {
    const mapper = mapperOf([seen('client', 'shop:80', { path: '/' })]);
    expect(mapper.getService('shop')).toMatchObject({ service_type: 'web_server' });
    mapper.observeTrafficBatch(
      Array.from({ length: 5 }, () => seen('client', 'shop:80', { path: '/api/x' })),
    );
    expect(mapper.getService('shop')).toMatchObject({ service_type: 'api_gateway' });
  });

  test('what first looked like a web server is a service once it calls others', () => {
    const mapper = mapperOf([seen('client', 'shop:80')]);
    mapper.observeTraffic(seen('shop', 'stock:80'));
    expect(mapper.getService('shop')?.service_type).toBe('microservice');
  });

  test('what first looked like a web server is a database once it is spoken to as one', () => {
    const mapper = mapperOf([seen('client', 'shop:80')]);
    mapper.observeTraffic(seen('client', 'shop:5432', { protocol: 'postgres' }));
    expect(mapper.getService('shop')).toMatchObject({
      service_type: 'database',
      type_rule: 'speaks a database protocol',
    });
  });

  test('what hands every request on to one replicated service is a load balancer', () => {
    const mapper = mapperOf([]);
    for (let n = 0; n < 40; n++) {
      mapper.observeTraffic(seen('client', 'edge:443', { protocol: 'https' }));
      mapper.observeTraffic(seen('edge', `shop-${1 + (n % 2)}:8080`));
    }
    expect(mapper.getService('edge')?.service_type).toBe('load_balancer');
    expect(mapper.getService('shop')?.endpoints).toHaveLength(2);
  });

  test('an outside host that calls us is no external API', () => {
    const mapper = mapperOf([seen('web', 'shop.example.com:443'), seen('shop.example.com', 'stock:80')]);
    expect(mapper.getService('shop.example.com')?.service_type).not.toBe('external_api');
  });
});

describe('rules', () => {
  const mainframe = {
    name: 'mainframe',
    type: 'database' as const,
    matches: ({ ports }: { ports: readonly number[] }) => ports.includes(3270),
  };

  test('may be added, and the first that matches decides', () => {
    const classifier = new ServiceClassifier().addRule(mainframe);
    const mapper = mapperOf([seen('web', 'api:3270')], { classifier });
    expect(mapper.getService('api')).toMatchObject({ service_type: 'database', type_rule: 'mainframe' });
  });

  test('may be put before another one, by name', () => {
    const classifier = new ServiceClassifier().addRule(mainframe, 'web on another port');
    expect(classifier.rules.at(-2)?.name).toBe('mainframe');
    expect(mapperOf([seen('web', 'api:3270')], { classifier }).getService('api')?.service_type).toBe(
      'api_gateway',
    );
    expect(() => classifier.addRule(mainframe, 'nowhere')).toThrow('no classifier rule named "nowhere"');
  });

  test('what somebody says wins', () => {
    const mapper = mapperOf([seen('web', 'x')]);
    expect(mapper.annotate('x', { type: 'message_queue', tags: { team: 'a' } })).toBe(true);
    expect(mapper.getService('x')).toMatchObject({
      service_type: 'message_queue',
      type_rule: 'given',
      tags: { team: 'a' },
    });
    expect(mapper.annotate('y', {})).toBe(false);
  });
});
