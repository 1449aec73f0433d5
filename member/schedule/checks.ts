import { externalTargetId, type ExternalTarget } from '@netring/contract/member';
import type { CheckKind } from '@netring/contract/result';
import { defaultPlanOptions, planFor, type LocationPair } from '@netring/contract/plan';
import type { PlanMember } from '@netring/contract/plan-answer';
import { hostAndPort } from '../external-targets.ts';
import type { Target } from '../probe/index.ts';

/** One check of one target: how to probe it, and what to call it when its findings are told. */
export interface Check {
  target: Target;
  /** Instance id of a member, or id of an external target. */
  id: string;
  location: string;
  /** Address or name probed. */
  ip: string;
  /** For `http`: the path asked for. */
  endpoint?: string;
  /** Whether it has series of its own; checks of the plan's rotating part come and go too fast for that. */
  fixed: boolean;
}

/** Members this one probes at most, whatever a registry says: 1,000 members with the default plan need under 100. */
export const maxMembersProbed = 512;

/** The members that this one is to probe, those of the fixed part first, in each part the heaviest traffic first. */
export function plannedMembers(
  members: readonly PlanMember[],
  self: string,
  epoch: number,
  heaviest: readonly LocationPair[] = [],
): { member: PlanMember; fixed: boolean }[] {
  const plan = planFor(members, self, epoch, defaultPlanOptions, heaviest);
  const all = [
    ...plan.fixed.map((member) => ({ member, fixed: true })),
    ...plan.rotating.map((member) => ({ member, fixed: false })),
  ];
  return all.slice(0, maxMembersProbed);
}

/** What members are checked with. */
export interface CheckOptions {
  /** False: nothing is checked at all. */
  enabled: boolean;
  endpoints: readonly string[];
  viewToken: string | undefined;
  icmp: boolean;
  udp: boolean;
}

/**
 * The checks of one member: a TCP connect, a GET of every endpoint, a train of ICMP echoes, and signed UDP echoes where it
 * says that it answers them.
 */
export function memberChecks(
  { member, fixed }: { member: PlanMember; fixed: boolean },
  { endpoints, viewToken, icmp, udp }: Omit<CheckOptions, 'enabled'>,
): Check[] {
  const { instance_id: id, location, ip, port } = member;
  const tls = member.scheme === 'https' ? { tls: true, isMember: true } : {};
  const common = { host: ip, port, closing: 'reset' } as const;
  const naming = { id, location, ip, fixed };
  const check = (kind: CheckKind, more: Partial<Target> = {}): Check => ({
    ...naming,
    target: { ...common, ...more, kind, key: checkKey(id, kind) },
  });
  return [
    check('tcp'),
    ...endpoints.map((endpoint): Check => {
      // What a member shows to readers only is asked for with the reader's key.
      const guarded = endpoint === '/metrics' && viewToken !== undefined;
      const authorization = guarded ? { authorization: `Bearer ${viewToken}` } : {};
      const key = checkKey(id, 'http', endpoint);
      return {
        ...naming,
        endpoint,
        target: { ...common, ...authorization, ...tls, kind: 'http', key, path: endpoint },
      };
    }),
    ...(icmp ? [check('icmp')] : []),
    ...(udp && member.answers?.includes('udp') === true ? [check('udp', { instanceId: id })] : []),
  ];
}

/** The check of an external target. */
export function externalCheck(external: ExternalTarget): Check {
  const id = externalTargetId(external);
  const naming = { id, location: external.name, fixed: true };
  if (external.kind === 'tcp') {
    const { host, port } = hostAndPort(external.address);
    return {
      ...naming,
      ip: host,
      target: { key: checkKey(id, 'tcp'), kind: 'tcp', host, port, closing: 'polite' },
    };
  }
  const url = new URL(external.address);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const tls = url.protocol === 'https:';
  const port = url.port === '' ? (tls ? 443 : 80) : Number(url.port);
  const key = checkKey(id, 'http', url.pathname);
  const target: Target = { key, kind: 'http', host, port, closing: 'polite', path: url.pathname, tls };
  return { ...naming, ip: host, endpoint: url.pathname, target };
}

function checkKey(id: string, kind: string, endpoint = ''): string {
  return JSON.stringify([id, kind, endpoint]);
}
