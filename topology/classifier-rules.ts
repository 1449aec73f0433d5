import type { ClassifierRule, ServiceFacts } from './classifier.ts';
import type { Protocol, ServiceType } from './protocol.ts';

function speaks(name: string, type: ServiceType, ...protocols: Protocol[]): ClassifierRule {
  return { name, type, matches: (facts) => protocols.some((one) => facts.protocols.has(one)) };
}

/** Ports count only where nothing better than TCP or UDP is known: a metrics page on 6379 is no cache. */
function listensOn(name: string, type: ServiceType, ...ports: number[]): ClassifierRule {
  return {
    name,
    type,
    matches: (facts) => isPlain(facts) && ports.some((port) => facts.ports.includes(port)),
  };
}

function isCalled(name: string, type: ServiceType, ...words: string[]): ClassifierRule {
  return { name, type, matches: ({ tokens }) => words.some((word) => tokens.has(word)) };
}

function isPlain({ protocols }: ServiceFacts): boolean {
  return [...protocols].every((one) => one === 'tcp' || one === 'udp');
}

function isWeb({ protocols }: ServiceFacts): boolean {
  return protocols.has('http') || protocols.has('https') || protocols.has('websocket');
}

/** Only looked at from inside, and never seen calling anybody. */
function isForeign(facts: ServiceFacts): boolean {
  const isListening = facts.protocols.size > 0;
  return isListening && !facts.isInside && facts.isCalledFromInside && (facts.fanOut ?? 0) === 0;
}

/** As many requests go on to one service with several endpoints as came in. */
function spreadsRequests({
  requestsIn = 0,
  requestsOut = 0,
  fanOut,
  replicasBehind = 0,
}: ServiceFacts): boolean {
  if (fanOut !== 1 || replicasBehind < 2 || requestsIn < 20) return false;
  return Math.abs(requestsOut - requestsIn) <= requestsIn / 10;
}

/** Many behind it, and most of what comes in goes on. */
function frontsMany({ requestsIn = 0, requestsOut = 0, fanOut = 0 }: ServiceFacts): boolean {
  return (
    fanOut >= 4 && requestsIn >= 20 && requestsOut >= 0.8 * requestsIn && requestsOut <= 1.5 * requestsIn
  );
}

/**
 * The rules that hold when nobody says otherwise. Protocols come first, since a process that speaks one has proved
 * it; then ports where the protocol is not known; then what a name says; then how it behaves.
 */
export const defaultRules: readonly ClassifierRule[] = [
  speaks('speaks a database protocol', 'database', 'postgres', 'mysql', 'mongodb'),
  speaks('speaks Redis', 'cache', 'redis'),
  speaks('speaks a queue protocol', 'message_queue', 'amqp', 'kafka'),
  listensOn('database port', 'database', 1433, 1521, 3306, 5432, 5984, 7000, 9042, 26257, 27017),
  listensOn('cache port', 'cache', 6379, 11211),
  listensOn('queue port', 'message_queue', 1883, 4222, 5671, 5672, 6650, 9092, 9093, 61616),
  {
    name: 'outside and only called',
    type: 'external_api',
    matches: isForeign,
  },
  {
    name: 'only calls',
    type: 'unknown',
    matches: ({ protocols }) => protocols.size === 0,
  },
  isCalled('named as a tool', 'web_server', 'exporter', 'dashboard', 'admin', 'console'),
  isCalled(
    'named as a load balancer',
    'load_balancer',
    'lb',
    'alb',
    'elb',
    'nlb',
    'slb',
    'loadbalancer',
    'haproxy',
    'balancer',
  ),
  isCalled(
    'named as a gateway',
    'api_gateway',
    'gateway',
    'apigateway',
    'apigw',
    'gw',
    'kong',
    'tyk',
    'apisix',
  ),
  {
    name: 'named api',
    type: 'api_gateway',
    matches: ({ name }) => /^api\d*$/i.test(name),
  },
  isCalled('named as a cache', 'cache', ...['cache', 'redis', 'memcached', 'memcache', 'valkey', 'varnish']),
  isCalled(
    'named as a queue',
    'message_queue',
    ...[
      'queue',
      'mq',
      'kafka',
      'rabbitmq',
      'rabbit',
      'amqp',
      'nats',
      'pulsar',
      'activemq',
      'broker',
      'mosquitto',
    ],
  ),
  isCalled(
    'named as a database',
    'database',
    ...['db', 'database', 'postgres', 'postgresql', 'pgsql', 'pg', 'pgbouncer', 'mysql', 'mariadb', 'mongo'],
    ...['mongodb', 'sql', 'cassandra', 'clickhouse', 'elasticsearch', 'opensearch', 'cockroach', 'influxdb'],
  ),
  {
    name: 'paths begin with /api',
    type: 'api_gateway',
    matches: (facts) => isWeb(facts) && facts.apiShare >= 0.5,
  },
  { name: 'spreads requests over replicas', type: 'load_balancer', matches: spreadsRequests },
  { name: 'hands requests on to many', type: 'api_gateway', matches: frontsMany },
  isCalled(
    'named as a service',
    'microservice',
    'service',
    'svc',
    'microservice',
    'worker',
    'api',
    'backend',
  ),
  isCalled(
    'named as a web server',
    'web_server',
    'web',
    'www',
    'nginx',
    'apache',
    'httpd',
    'caddy',
    'frontend',
  ),
  speaks('speaks gRPC', 'microservice', 'grpc'),
  {
    name: 'web, and calls others',
    type: 'microservice',
    matches: (facts) => isWeb(facts) && (facts.fanOut ?? 0) > 0,
  },
  {
    name: 'web on a port for people',
    type: 'web_server',
    matches: (facts) => isWeb(facts) && facts.ports.some((port) => port === 80 || port === 443),
  },
  { name: 'web on another port', type: 'microservice', matches: isWeb },
];
