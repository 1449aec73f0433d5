const typeWords: Record<string, string> = {
  web_server: 'web server',
  api_gateway: 'gateway',
  microservice: 'service',
  database: 'database',
  cache: 'cache',
  message_queue: 'queue',
  load_balancer: 'load balancer',
  external_api: 'external',
  unknown: 'unknown kind',
};

/** A service's type in words. */
export function typeText(type: string): string {
  return typeWords[type] ?? type.replaceAll('_', ' ');
}
