import { instanceId, ipAddress, locationName } from '@netring/contract/text';
import { flag, list, number, optionalText, setting, whole } from '@netring/service/setting';
import { tlsSettings } from '@netring/service/tls-settings';
import { logLevelSetting, serverHostSetting, tokenSetting } from '@netring/service/shared-settings';
import type { RetiredKeys } from '@netring/service/configuration';
import { z } from 'zod';
import { discoverySettings } from './discovery/index.ts';
import { externalTargetSetting } from './external-targets.ts';

const seconds = (min: number, max: number) => number(min, max, 'a number of seconds');

const token = (name: string, about: string) => tokenSetting('member', name, about);

/** An address that the machine or its platform tells under a name of its own. */
const platformAddress = (env: string, about: string) =>
  setting({
    yaml: `member.${env.toLowerCase()}`,
    env,
    schema: ipAddress.optional(),
    default: undefined as string | undefined,
    about,
  });

const registryUrl = z
  .string('must be a URL')
  .trim()
  .refine(
    (text) => /^https?:\/\/[^/]/.test(text) && URL.canParse(text),
    'must begin with http:// or https://',
  )
  .refine((text) => !URL.canParse(text) || new URL(text).search === '', 'must not carry a query')
  // It is logged, and told in errors.
  .refine(
    (text) => !/^https?:\/\/[^/?#]*@/.test(text),
    'must not carry a name and password: the member joins with NETRING_TOKEN',
  )
  .transform((text) => text.replace(/\/+$/, ''));

const httpPath = z
  .string('must be a path')
  .max(200, 'must be at most 200 characters')
  .regex(/^\/[\x21-\x7e]*$/, 'must begin with / and hold no spaces');

/** Every setting of a member. Order and wording here are those of `config/member.yaml`. */
export const memberSettings = {
  location: setting({
    yaml: 'member.location',
    env: 'NETRING_LOCATION',
    oldEnv: 'MEMBER_LOCATION',
    schema: locationName.optional(),
    default: undefined as string | undefined,
    about: 'The datacenter or site this member stands in, such as us1. Required.',
  }),
  instanceId: setting({
    yaml: 'member.instance_id',
    env: 'NETRING_INSTANCE_ID',
    schema: instanceId.optional(),
    default: undefined as string | undefined,
    about: 'Identifies this member. Unset: <location>-<hostname>, so that its series survive a restart.',
  }),
  registryUrl: setting({
    yaml: 'member.registry.url',
    env: 'NETRING_REGISTRY_URL',
    oldEnv: 'REGISTRY_URL',
    schema: registryUrl,
    default: 'http://localhost:8756',
    about: 'Where the registry is, as this member reaches it; https:// where it has a certificate.',
  }),
  pollIntervalS: setting({
    yaml: 'member.intervals.poll_interval',
    env: 'NETRING_POLL_INTERVAL',
    schema: seconds(1, 3600),
    default: 30,
    about:
      'Seconds between two looks at the member list; an answer that names a newer list is followed at once.',
  }),
  checkIntervalS: setting({
    yaml: 'member.intervals.check_interval',
    env: 'NETRING_CHECK_INTERVAL',
    schema: seconds(0.2, 3600),
    default: 5,
    about:
      'Seconds between two checks of one target, ± 10 %. A cut path is known after one of them and two timeouts.',
  }),
  heartbeatIntervalS: setting({
    yaml: 'member.intervals.heartbeat_interval',
    env: 'NETRING_HEARTBEAT_INTERVAL',
    schema: seconds(1, 3600),
    default: 15,
    about: 'Seconds between two heartbeats; the registry calls a member stale after two of them.',
  }),
  reportIntervalS: setting({
    yaml: 'member.intervals.report_interval',
    env: 'NETRING_REPORT_INTERVAL',
    schema: seconds(0.2, 60),
    default: 2,
    about: 'Seconds between two reports of results; a changed outcome is reported at once.',
  }),
  serverHost: serverHostSetting('member'),
  serverPort: setting({
    yaml: 'member.server.port',
    env: 'NETRING_SERVER_PORT',
    schema: whole(0, 65535, 'a port'),
    default: 8757,
    about: 'Port to listen on, TCP and UDP, which the other members must reach; 0 takes any free one.',
  }),
  checks: setting({
    yaml: 'member.checks.enabled',
    env: 'NETRING_CHECKS',
    schema: flag(),
    default: true,
    about:
      'Probes other members and targets. Off: this member answers and discovers; the paths from it are unknown.',
  }),
  tcpTimeoutS: setting({
    yaml: 'member.checks.tcp_timeout',
    env: 'NETRING_TCP_TIMEOUT',
    schema: seconds(0.1, 60),
    default: 2,
    about:
      'Seconds until a TCP connect has failed: long enough for one lost SYN, which is sent again after 1 s.',
  }),
  httpTimeoutS: setting({
    yaml: 'member.checks.http_timeout',
    env: 'NETRING_HTTP_TIMEOUT',
    schema: seconds(0.1, 60),
    default: 5,
    about: 'Seconds until an HTTP check has failed, all its phases together; it connects within tcp_timeout.',
  }),
  httpEndpoints: setting({
    yaml: 'member.checks.http_endpoints',
    env: 'NETRING_HTTP_ENDPOINTS',
    schema: list(httpPath).refine((paths) => paths.length <= 8, 'must name at most 8 paths'),
    default: ['/health'],
    about: 'Paths asked of every member. Each adds a check per target and round.',
  }),
  icmp: setting({
    yaml: 'member.checks.icmp',
    env: 'NETRING_ICMP',
    schema: flag(),
    default: true,
    about:
      'Checks members with ICMP echoes: three packets each time. Needs CAP_NET_RAW; where that is missing it is off anyway.',
  }),
  raiseNetRaw: setting({
    yaml: 'member.checks.raise_net_raw',
    env: 'NETRING_RAISE_NET_RAW',
    schema: optionalText(4096),
    default: undefined as string | undefined,
    about:
      'A copy of setpriv with the file capability cap_net_raw+ep, as the image has one: the probe process is started through it, and may send ICMP without root. Unset: it is started directly.',
  }),
  udp: setting({
    yaml: 'member.checks.udp',
    env: 'NETRING_UDP',
    schema: flag(),
    default: true,
    about:
      'Answers and sends signed UDP echoes on the port that this member listens on: four packets a second to each target.',
  }),
  tracerouteIntervalS: setting({
    yaml: 'member.traceroute.interval',
    env: 'NETRING_TRACEROUTE_INTERVAL',
    schema: seconds(10, 86_400),
    default: 300,
    about:
      'Seconds between two traces of one target, ± 10 %; at once when its path turns bad. One sends up to 90 small packets.',
  }),
  tracerouteMaxHops: setting({
    yaml: 'member.traceroute.max_hops',
    env: 'NETRING_TRACEROUTE_MAX_HOPS',
    schema: whole(1, 64, 'a number of hops'),
    default: 30,
    about: 'How far a trace goes; what is further away is shown as not reached.',
  }),
  targets: setting({
    yaml: 'member.targets',
    env: 'NETRING_TARGETS',
    schema: list(externalTargetSetting).refine(
      (targets) => targets.length <= 256,
      'must name at most 256 targets',
    ),
    default: [],
    about:
      'External addresses to check as well: tcp://host:port, http(s)://…, each with name= before it if you like.',
  }),
  bandwidthIntervalS: setting({
    yaml: 'member.bandwidth.test_interval',
    env: 'NETRING_BANDWIDTH_TEST_INTERVAL',
    schema: seconds(0, 86_400),
    default: 300,
    about:
      'Seconds between two bandwidth tests of one path at the earliest; leases decide. 0: no tests, at neither end.',
  }),
  bandwidthTestSizeMb: setting({
    yaml: 'member.bandwidth.test_size_mb',
    env: 'NETRING_BANDWIDTH_TEST_SIZE_MB',
    schema: number(0.1, 100_000, 'a number of megabytes').optional(),
    default: undefined as number | undefined,
    about:
      'Most megabytes of one direction of a test. Unset: as many as it takes until the rate is flat, within 1000.',
  }),
  bandwidthDayMb: setting({
    yaml: 'member.bandwidth.day_mb',
    env: 'NETRING_BANDWIDTH_DAY_MB',
    schema: number(1, 100_000_000, 'a number of megabytes'),
    default: 50_000,
    about:
      'Most megabytes of bandwidth tests in 24 hours, at both ends together: 50 GB are 4.6 Mbit/s on average. No registry can raise it.',
  }),
  ...discoverySettings,
  advertiseIp: setting({
    yaml: 'member.advertise_ip',
    env: 'NETRING_ADVERTISE_IP',
    schema: z.union(
      [z.literal('auto'), z.string().regex(/^env:[A-Za-z_]\w*$/), ipAddress],
      'must be auto, env:NAME or an address',
    ),
    default: 'auto',
    about:
      'Where other members reach this one. auto: HOST_IP, POD_IP, … or the address of the route to the registry.',
  }),
  hostIp: platformAddress('HOST_IP', 'Address of the machine under a container.'),
  podIp: platformAddress('POD_IP', 'Address of the Kubernetes pod.'),
  publicIp: platformAddress('PUBLIC_IP', 'Address seen from outside, when the platform tells it.'),
  externalIp: platformAddress('EXTERNAL_IP', 'The same under another name.'),
  token: token(
    'token',
    'The one secret that lets a member join, the same everywhere. Needed beyond loopback.',
  ),
  tokenPrevious: token(
    'token_previous',
    'The join token before or after the current one, accepted while it is changed.',
  ),
  ...tlsSettings('member'),
  viewToken: token('view_token', 'Needed to read /metrics from another machine, as Prometheus does.'),
  openReading: setting({
    yaml: 'member.open_reading',
    env: 'NETRING_OPEN_READING',
    schema: flag(),
    default: false,
    about: 'Lets everybody who reaches the port read /metrics, without a view token.',
  }),
  insecure: setting({
    yaml: 'member.insecure',
    env: 'NETRING_INSECURE',
    schema: flag(),
    default: false,
    about: 'Lets the member listen beyond loopback without a token. For a closed lab only.',
  }),
  outboxMinutes: setting({
    yaml: 'member.outbox_minutes',
    env: 'NETRING_OUTBOX_MINUTES',
    schema: number(1, 120, 'a number of minutes'),
    default: 10,
    about:
      'Minutes of results kept while the registry is away: a restart or a failover is over sooner. A minute costs about 10 kB for each target.',
  }),
  logLevel: logLevelSetting('member', 'debug, info, warn or error. debug shows every heartbeat and probe.'),
};

const redisRetired = 'does nothing any more: members talk to the registry only';

/** YAML keys of older files that do nothing any more. */
export const memberRetired: RetiredKeys = {
  'member.registry.redis_host': redisRetired,
  'member.registry.redis_port': redisRetired,
  'member.registry.redis_db': redisRetired,
  'member.registry.redis_password': redisRetired,
};
