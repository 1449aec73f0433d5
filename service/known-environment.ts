/**
 * Every `NETRING_*` name that any part of Netring reads. A name that is not here stops the start, since it is most
 * likely a slip of the pen that would otherwise be silently without effect. A test in `cli` holds this list against
 * the settings of all services.
 */
export const knownEnvironment: ReadonlySet<string> = new Set([
  'NETRING_ADVERTISE_IP',
  'NETRING_ALERT_BAD_LOOKS',
  'NETRING_ALERT_CONNECTIVITY_DOWN_FOR',
  'NETRING_ALERT_CONNECTIVITY_DOWN_SEVERITY',
  'NETRING_ALERT_CONTROL_PATH_LOST_FOR',
  'NETRING_ALERT_CONTROL_PATH_LOST_SEVERITY',
  'NETRING_ALERT_HIGH_HOP_LATENCY_FOR',
  'NETRING_ALERT_HIGH_HOP_LATENCY_SEVERITY',
  'NETRING_ALERT_HIGH_HOP_LATENCY_THRESHOLD',
  'NETRING_ALERT_LATENCY_ABOVE_BASELINE_FOR',
  'NETRING_ALERT_LATENCY_ABOVE_BASELINE_SEVERITY',
  'NETRING_ALERT_LATENCY_ABOVE_BASELINE_THRESHOLD',
  'NETRING_ALERT_LOSS_FOR',
  'NETRING_ALERT_LOSS_SEVERITY',
  'NETRING_ALERT_LOSS_THRESHOLD',
  'NETRING_ALERT_LOW_BANDWIDTH_FOR',
  'NETRING_ALERT_LOW_BANDWIDTH_SEVERITY',
  'NETRING_ALERT_LOW_BANDWIDTH_THRESHOLD',
  'NETRING_ALERT_MEMBER_DOWN_FOR',
  'NETRING_ALERT_MEMBER_DOWN_SEVERITY',
  'NETRING_ALERT_OF_LOOKS',
  'NETRING_ALERT_REGISTRY_DEAF_FOR',
  'NETRING_ALERT_REGISTRY_DEAF_SEVERITY',
  'NETRING_ALERT_REGISTRY_DEAF_THRESHOLD',
  'NETRING_ALERT_ROUTE_CHANGED_FOR',
  'NETRING_ALERT_ROUTE_CHANGED_SEVERITY',
  'NETRING_BANDWIDTH_DAY_MB',
  'NETRING_BANDWIDTH_TEST_INTERVAL',
  'NETRING_BANDWIDTH_TEST_SIZE_MB',
  'NETRING_CHECK_INTERVAL',
  'NETRING_CLEANUP_INTERVAL',
  'NETRING_DATA_DIR',
  'NETRING_HEARTBEAT_INTERVAL',
  'NETRING_HTTP_ENDPOINTS',
  'NETRING_HTTP_TIMEOUT',
  'NETRING_ICMP',
  'NETRING_INSECURE',
  'NETRING_INSTANCE_ID',
  'NETRING_LOCATION',
  'NETRING_LOG_LEVEL',
  'NETRING_MAX_MEMBERS',
  'NETRING_MEMBER_TTL',
  'NETRING_OPEN_READING',
  'NETRING_OPERATOR_TOKEN',
  'NETRING_OUTBOX_MINUTES',
  'NETRING_POLL_INTERVAL',
  'NETRING_REDIS_CLUSTER',
  'NETRING_REDIS_DB',
  'NETRING_REDIS_HOST',
  'NETRING_REDIS_PASSWORD',
  'NETRING_REDIS_PORT',
  'NETRING_REDIS_SENTINELS',
  'NETRING_REDIS_SENTINEL_NAME',
  'NETRING_REDIS_URL',
  'NETRING_REGISTRY_URL',
  'NETRING_REPORT_INTERVAL',
  'NETRING_SERVER_HOST',
  'NETRING_SERVER_PORT',
  'NETRING_TARGETS',
  'NETRING_TCP_TIMEOUT',
  'NETRING_TOKEN',
  'NETRING_TOKEN_PREVIOUS',
  'NETRING_TRACEROUTE_INTERVAL',
  'NETRING_TRACEROUTE_MAX_HOPS',
  'NETRING_UDP',
  'NETRING_VIEW_TOKEN',
]);

/** Variables that Kubernetes injects for a Service whose name begins with `netring`. */
const injected = /^NETRING_.*(_SERVICE_HOST|_SERVICE_PORT(_.*)?|_PORT|_PORT_.*)$/;

/** Whether Kubernetes put `value` there, for a Service that happens to be called so that its variable bears a name of ours. */
export function isInjected(name: string, value: string): boolean {
  return name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value);
}

/** The `NETRING_*` names of an environment that nobody reads. */
export function unknownNames(environment: Record<string, string | undefined>): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('NETRING_') && !knownEnvironment.has(name) && !injected.test(name))
    .sort();
}
