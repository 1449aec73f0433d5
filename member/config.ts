import { hostname } from 'node:os';
import { isIP } from 'node:net';
import {
  environmentOf,
  readConfiguration,
  type Configuration,
  type ConfigurationSources,
} from '@netring/service/configuration';
import { isLoopback } from '@netring/service/loopback';
import type { Settings } from '@netring/service/setting';
import { tlsProblems } from '@netring/service/tls-settings';
import { duplicateTargetNames } from './external-targets.ts';
import { memberRetired, memberSettings } from './settings.ts';

export { memberRetired, memberSettings };

type Written = Settings<typeof memberSettings>;

/** What a member runs on: every setting, with what follows from the others filled in. */
export type MemberConfig = Omit<Written, 'location' | 'instanceId' | 'serverHost' | 'advertiseIp'> & {
  location: string;
  instanceId: string;
  serverHost: string;
  /** The address that was asked for or told by the platform; absent: find the route towards the registry. */
  advertiseIp: string | undefined;
  /** Variables that the probe process needs, and no others: it has no use for secrets. */
  probeEnvironment: Record<string, string>;
};

/**
 * The effective configuration of a member.
 *
 * @throws ConfigurationError with all problems, also when it would listen openly without a token.
 */
export function readMemberConfig(
  sources: ConfigurationSources,
): Omit<Configuration<typeof memberSettings>, 'values'> & { values: MemberConfig } {
  const environment = environmentOf(sources);
  const across = (values: Partial<Written>) => problemsBetween(values, environment);
  const read = readConfiguration('member', memberSettings, sources, memberRetired, across);
  return { ...read, values: complete(read.values, environment) };
}

function problemsBetween(
  values: Partial<Written>,
  environment: Record<string, string | undefined>,
): string[] {
  const problems = tlsProblems(values);
  if ('location' in values && values.location === undefined) {
    problems.push(
      'NETRING_LOCATION: is missing: name the datacenter or site this member stands in, such as us1',
    );
  }
  const twice = duplicateTargetNames(values.targets ?? []);
  if (twice.length > 0)
    problems.push(`NETRING_TARGETS: two targets are called ${twice.join(', ')}: give each its own name=`);
  const named = namedVariable(values.advertiseIp ?? 'auto');
  if (named !== undefined && isIP(environment[named] ?? '') === 0) {
    problems.push(`NETRING_ADVERTISE_IP: env:${named} names a variable that holds no address`);
  }
  const judged = 'serverHost' in values && 'token' in values && 'insecure' in values;
  const host = values.serverHost;
  if (
    judged &&
    host !== undefined &&
    !isLoopback(host) &&
    values.token === undefined &&
    values.insecure === false
  ) {
    problems.push(
      `NETRING_TOKEN: a member that listens on ${host} needs the ring's join token, or anybody could aim it: ` +
        'set it, listen on 127.0.0.1, or set NETRING_INSECURE=1 in a closed lab',
    );
  }
  if (
    values.discovery === true &&
    values.intake === true &&
    'token' in values &&
    values.intakeHost !== undefined &&
    !isLoopback(values.intakeHost) &&
    values.token === undefined &&
    values.insecure === false
  ) {
    problems.push(
      `NETRING_INTAKE_HOST: observations from other machines need the ring's join token: set NETRING_TOKEN, ` +
        'take them on 127.0.0.1, or set NETRING_INSECURE=1 in a closed lab',
    );
  }
  return problems;
}

function complete(written: Written, environment: Record<string, string | undefined>): MemberConfig {
  const location = written.location as string;
  return {
    ...written,
    location,
    instanceId: written.instanceId ?? `${location}-${hostname()}`.slice(0, 128),
    serverHost: written.serverHost ?? (written.token === undefined ? '127.0.0.1' : '0.0.0.0'),
    advertiseIp: toldAddress(written, environment),
    probeEnvironment: pick(environment, ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'TZ']),
  };
}

function toldAddress(written: Written, environment: Record<string, string | undefined>): string | undefined {
  const named = namedVariable(written.advertiseIp);
  if (named !== undefined) return environment[named];
  if (written.advertiseIp !== 'auto') return written.advertiseIp;
  return written.hostIp ?? written.podIp ?? written.publicIp ?? written.externalIp;
}

function namedVariable(advertiseIp: string): string | undefined {
  return advertiseIp.startsWith('env:') ? advertiseIp.slice('env:'.length) : undefined;
}

function pick(from: Record<string, string | undefined>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
}
