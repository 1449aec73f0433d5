import { networkInterfaces } from 'node:os';
import { existsSync, readFileSync } from 'node:fs';
import { membersAnswer, type MemberView } from '@netring/contract/member';
import { readiness } from '@netring/contract/health';
import { advertisedAddress } from '@netring/member/advertised-address';
import { memberSettings, readMemberConfig, type MemberConfig } from '@netring/member/config';
import type { ConfigurationSources } from '@netring/service/configuration';
import { judgeAddress, judgeRegistration } from './address.ts';
import { askJson } from './ask-json.ts';
import { examineTlsFiles, judgeNames, tlsFilesOf } from './certificates.ts';
import { ok, type Finding } from './finding.ts';
import { holderOf } from './holder.ts';
import { judgeJoinToken, judgeReady, judgeStages, judgeViewToken } from './judge-registry.ts';
import { judgeCapability, ownCapabilities } from './machine.ts';
import { judgePort, tryPort, type Port } from './ports.ts';
import { stagesTo, type Stages } from './registry-stages.ts';
import { textOf, valueOf, type ValueOf } from './setting-value.ts';

/**
 * Everything that a member at this place needs: its settings, rights, ports, certificates, the registry and its own
 * address. Changes nothing anywhere; nobody is registered.
 *
 * @throws ConfigurationError when the settings cannot be read.
 */
export async function examineMember(sources: ConfigurationSources): Promise<Finding[]> {
  const { values, warnings } = readMemberConfig(sources);
  const settings = valueOf(memberSettings, values);
  const told = [
    ok('settings', `member ${values.instanceId} of ${values.location}`),
    ...warnings.map(oldSpelling),
  ];
  const ca = caOf(settings);
  const stages = await stagesTo(new URL(values.registryUrl), ca);
  const files = tlsFilesOf(settings, 'member');
  const address = await addressOf(values, stages);
  return [
    ...told,
    ...examineTlsFiles(files, Date.now()),
    ...judgeNames(files, address.ip),
    ...capabilities(settings),
    ...(await ports(values, settings)),
    ...judgeStages(stages, Date.now()),
    ...(await withRegistry(values, { stages, ca, address })),
  ];
}

function oldSpelling(text: string): Finding {
  return { check: 'settings', outcome: 'warning', said: text, todo: 'correct it: old spellings go some day' };
}

/** A file that cannot be read is told by the check of the files. */
function caOf(settings: ValueOf): string | undefined {
  const { ca } = tlsFilesOf(settings, 'member');
  try {
    return ca === undefined ? undefined : readFileSync(ca, 'utf8');
  } catch {
    return undefined;
  }
}

function capabilities(settings: ValueOf): Finding[] {
  const found = ownCapabilities();
  const findings: Finding[] = [];
  if (settings('member.checks.enabled') === true && settings('member.checks.icmp') === true)
    findings.push(
      judgeCapability(
        {
          name: 'CAP_NET_RAW',
          use: 'ICMP echoes and traces',
          setting: 'NETRING_ICMP=0',
          isDemanded: false,
          raiser: raiserOf(settings),
        },
        found,
      ),
    );
  if (settings('member.discovery.enabled') === true && settings('member.discovery.sockets') !== 'off')
    findings.push(
      judgeCapability(
        {
          name: 'CAP_SYS_PTRACE',
          use: 'seeing which process of another user holds a socket',
          setting: 'NETRING_DISCOVERY_SOCKETS=off',
          isDemanded: settings('member.discovery.sockets') === 'on',
        },
        found,
      ),
    );
  return findings;
}

function raiserOf(settings: ValueOf): string | undefined {
  const file = textOf(settings, 'member.checks.raise_net_raw');
  return file !== undefined && existsSync(file) ? file : undefined;
}

async function ports(config: MemberConfig, settings: ValueOf): Promise<Finding[]> {
  const { serverHost: host, serverPort: port } = config;
  const own: Port[] = [{ protocol: 'TCP', host, port, setting: 'NETRING_SERVER_PORT' }];
  if (settings('member.checks.udp') === true)
    own.push({ protocol: 'UDP', host, port, setting: 'NETRING_SERVER_PORT' });
  const states = await Promise.all(own.map((one) => tryPort(one.protocol, one.host, one.port)));
  const holder = states.includes('taken') ? await holderOf(host, port) : undefined;
  const ofMember = holder?.startsWith('a member') === true ? holder : undefined;
  return own.map((one, index) => judgePort(one, states[index] ?? 'free', ofMember));
}

interface Address {
  ip: string | undefined;
  finding: Finding;
}

async function withRegistry(
  config: MemberConfig,
  { stages, ca, address }: { stages: Stages; ca: string | undefined; address: Address },
): Promise<Finding[]> {
  const { http } = stages;
  const answers = http !== undefined && !('failed' in http) && http.status === 200;
  if (!answers) return [address.finding];
  const base = config.registryUrl;
  const { token, viewToken } = config;
  const [ready, joining, reading] = await Promise.all([
    askJson(new URL(`${base}/ready`), { ca }),
    askJson(new URL(`${base}/register`), { method: 'POST', body: {}, bearer: token, ca }),
    askJson(new URL(`${base}/members`), { bearer: viewToken, ca }),
  ]);
  const members = membersAnswer.safeParse(reading?.body);
  return [
    judgeReady(
      ready && { status: ready.status, reasons: readiness.safeParse(ready.body).data?.reasons ?? [] },
    ),
    judgeJoinToken(joining?.status, token !== undefined),
    judgeViewToken(reading?.status, viewToken !== undefined),
    address.finding,
    ...(members.success
      ? judgeRegistration(config.instanceId, address.ip, ownIn(members.data.members, config.instanceId))
      : []),
  ];
}

function ownIn(members: readonly MemberView[], id: string): MemberView | undefined {
  return members.find((one) => one.instance_id === id);
}

async function addressOf(config: MemberConfig, { name }: Stages): Promise<Address> {
  const { advertiseIp: told, serverHost: listenHost, registryUrl } = config;
  const own = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
  const registryAddress = 'failed' in name ? undefined : name.addresses[0];
  const ip = await advertisedAddress({ told, listenHost, registryUrl }).catch((error: Error) => ({
    none: error.message,
  }));
  const finding = judgeAddress({ ip, isTold: told !== undefined, listenHost, own, registryAddress });
  return { ip: typeof ip === 'string' ? ip : undefined, finding };
}
