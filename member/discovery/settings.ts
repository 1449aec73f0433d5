import { ipAddress } from '@netring/contract/text';
import { flag, list, number, oneOf, setting, whole } from '@netring/service/setting';
import { z } from 'zod';
import {
  accessLogSetting,
  appLogSetting,
  listOf,
  type AccessLogSetting,
  type AppLogSetting,
} from './log-settings.ts';
import { nameRuleSetting, type NameRule } from './name-rules.ts';

/** An absolute path of a socket, or `off`. */
const socketPath = z
  .string('must be a path')
  .regex(/^(off|\/.{1,106})$/, 'must be off, or the absolute path of a socket');

/** Settings of discovery, in the order of `config/member.yaml`. */
export const discoverySettings = {
  discovery: setting({
    yaml: 'member.discovery.enabled',
    env: 'NETRING_DISCOVERY',
    schema: flag(),
    default: true,
    about:
      'Learns from sockets, logs and spans of this host which services call which. What it may not see is said, never guessed.',
  }),
  sockets: setting({
    yaml: 'member.discovery.sockets',
    env: 'NETRING_DISCOVERY_SOCKETS',
    schema: oneOf(['auto', 'on', 'off']),
    default: 'auto',
    about:
      'Looks at listeners and connections with their processes. auto: as far as this user may; on: says loudly what is missing.',
  }),
  sampleIntervalS: setting({
    yaml: 'member.discovery.sample_interval',
    env: 'NETRING_SAMPLE_INTERVAL',
    schema: number(1, 300, 'a number of seconds'),
    default: 5,
    about: 'Seconds between two looks at the sockets. A connection that lives shorter may be missed.',
  }),
  discoveryAddresses: setting({
    yaml: 'member.discovery.addresses',
    env: 'NETRING_DISCOVERY_ADDRESSES',
    schema: list(ipAddress).refine((all) => all.length <= 64, 'must name at most 64 addresses'),
    default: [] as string[],
    about:
      'Only what listens on or connects from these addresses is discovered: for several members on one machine. Empty: everything.',
  }),
  accessLogs: setting({
    yaml: 'member.discovery.access_logs',
    env: 'NETRING_ACCESS_LOGS',
    schema: listOf(accessLogSetting, 64),
    default: [] as AccessLogSetting[],
    about:
      'Access logs of proxies to follow: path, format (traefik-json, traefik-clf, envoy, nginx, nginx-json, caddy, auto), network, service, api. As text: path key=value.',
  }),
  appLogs: setting({
    yaml: 'member.discovery.app_logs',
    env: 'NETRING_APP_LOGS',
    schema: listOf(appLogSetting, 64),
    default: [] as AppLogSetting[],
    about:
      'Logs of applications to follow: path, service, and a regular expression with named groups as pattern. As text: a JSON list.',
  }),
  intake: setting({
    yaml: 'member.discovery.intake.enabled',
    env: 'NETRING_INTAKE',
    schema: flag(),
    default: true,
    about: 'Takes POST /observations and POST /v1/traces (OpenTelemetry).',
  }),
  intakeHost: setting({
    yaml: 'member.discovery.intake.host',
    env: 'NETRING_INTAKE_HOST',
    schema: z.string('must be a host').trim().min(1, 'must not be empty').max(253, 'must be a host'),
    default: '127.0.0.1',
    about: 'Address to take them on. Beyond loopback every sender needs NETRING_TOKEN as bearer.',
  }),
  intakePort: setting({
    yaml: 'member.discovery.intake.port',
    env: 'NETRING_INTAKE_PORT',
    schema: whole(0, 65535, 'a port'),
    default: 4318,
    about:
      "Port to take them on: OpenTelemetry's own for HTTP. Taken by another program: the member says so and goes on without.",
  }),
  dockerSocket: setting({
    yaml: 'member.discovery.docker_socket',
    env: 'NETRING_DOCKER_SOCKET',
    schema: socketPath,
    default: '/var/run/docker.sock',
    about: 'Where Docker tells names of containers, read only; used where it is there. off: never asked.',
  }),
  kubernetes: setting({
    yaml: 'member.discovery.kubernetes',
    env: 'NETRING_KUBERNETES',
    schema: oneOf(['auto', 'off']),
    default: 'auto',
    about: 'Asks Kubernetes for names of pods. auto: where a service account is mounted.',
  }),
  serviceNames: setting({
    yaml: 'member.discovery.names',
    env: 'NETRING_DISCOVERY_NAMES',
    schema: list(nameRuleSetting).refine((rules) => rules.length <= 500, 'must name at most 500 rules'),
    default: [] as NameRule[],
    about:
      'Names for services of this host, which win over all found ones: port:8080=orders, process:postgres=main-db, container:4f2a=shop, name:web-1=web.',
  }),
};
