/** What services say to each other. `tcp` and `udp` stand for "nothing better is known". */
export const protocols = [
  'http',
  'https',
  'grpc',
  'websocket',
  'tcp',
  'udp',
  'amqp',
  'kafka',
  'redis',
  'postgres',
  'mysql',
  'mongodb',
] as const;
export type Protocol = (typeof protocols)[number];

export const serviceTypes = [
  'web_server',
  'api_gateway',
  'microservice',
  'database',
  'cache',
  'message_queue',
  'load_balancer',
  'external_api',
  'unknown',
] as const;
export type ServiceType = (typeof serviceTypes)[number];

/** Ports whose protocol nearly everybody keeps to. */
const knownPorts: ReadonlyMap<number, Protocol> = new Map([
  [80, 'http'],
  [443, 'https'],
  [3000, 'http'],
  [3306, 'mysql'],
  [5432, 'postgres'],
  [5671, 'amqp'],
  [5672, 'amqp'],
  [6379, 'redis'],
  [8000, 'http'],
  [8080, 'http'],
  [8443, 'https'],
  [9092, 'kafka'],
  [27017, 'mongodb'],
  [50051, 'grpc'],
]);

/** The protocol that a listening port suggests where neither source, listener nor process has said it. */
export function protocolOfPort(port: number, transport: 'tcp' | 'udp' = 'tcp'): Protocol {
  return transport === 'udp' ? 'udp' : (knownPorts.get(port) ?? 'tcp');
}

export function isProtocol(value: unknown): value is Protocol {
  return (protocols as readonly unknown[]).includes(value);
}

/** Whether requests of this protocol have methods, paths and status codes. */
export function isHttpLike(protocol: Protocol): boolean {
  return protocol === 'http' || protocol === 'https' || protocol === 'websocket';
}
