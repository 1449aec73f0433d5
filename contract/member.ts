import { z } from 'zod';
import { ownSchedule } from './own-schedule.ts';
import { planVersion } from './plan-answer.ts';
import { task } from './task.ts';
import { instanceId, ipAddress, locationName, port, shortText } from './text.ts';

export const memberStatuses = ['online', 'stale', 'offline', 'deregistered'] as const;
export type MemberStatus = (typeof memberStatuses)[number];

/** An address outside the ring that a member probes because its own configuration says so. */
export const externalTarget = z.object({
  /** What people call it; the address when they gave no name. */
  name: shortText(64),
  kind: z.enum(['tcp', 'http']),
  /** `host:port` for tcp, a URL without credentials or query for http. */
  address: shortText(200),
});
export type ExternalTarget = z.infer<typeof externalTarget>;

/** The id under which an external target appears as the target of a path. */
export function externalTargetId(target: ExternalTarget): string {
  return `external:${target.name}`;
}

/** What a member speaks on its port; absent in what older ones say: `http`. */
export const memberScheme = z.enum(['http', 'https']);

export const registerRequest = z.object({
  /** Missing or null: the registry makes one up. */
  instance_id: instanceId.nullish(),
  location: locationName,
  ip: ipAddress,
  port,
  /** Chosen anew at each start of the member. */
  boot: shortText(64).optional(),
  version: shortText(64).optional(),
  /** The session of this id, to take it over while it is live. */
  session: z.string().max(128).optional(),
  /** How often the member means to be heard and to check, so that silence can be told from slowness. */
  heartbeat_interval_ms: z.number().int().min(1000).max(3_600_000).optional(),
  check_interval_ms: z.number().int().min(100).max(3_600_000).optional(),
  external_targets: z.array(externalTarget).max(256).optional(),
  /** Kinds of probes that need somebody at the far end who answers, and that this member does answer: `udp`. */
  answers: z.array(shortText(32)).max(16).optional(),
  scheme: memberScheme.optional(),
});
export type RegisterRequest = z.infer<typeof registerRequest>;

export const registerAnswer = z.object({
  instance_id: z.string(),
  status: z.literal('registered'),
  /** Secret: goes with every later call as `Authorization: Bearer`. */
  session: z.string(),
  plan: planVersion,
});
export type RegisterAnswer = z.infer<typeof registerAnswer>;

export const heartbeatRequest = z.object({ instance_id: instanceId });
export type HeartbeatRequest = z.infer<typeof heartbeatRequest>;
export const heartbeatAnswer = z.object({
  status: z.literal('ok'),
  plan: planVersion,
  /** What the registry asks this member to do. */
  tasks: z.array(task).optional(),
});
export type HeartbeatAnswer = z.infer<typeof heartbeatAnswer>;

export const deregisterRequest = z.object({ instance_id: instanceId });
export const deregisterAnswer = z.object({ status: z.literal('deregistered') });

/** One member as everybody may see it. Times are epoch seconds, with fraction. */
export const memberView = z.object({
  instance_id: z.string(),
  location: z.string(),
  ip: z.string(),
  port: z.number().int(),
  /** Absent: `http`. */
  scheme: memberScheme.optional(),
  last_seen: z.number(),
  registered_at: z.number(),
  status: z.enum(memberStatuses),
  deregistered_at: z.number().optional(),
  version: z.string().optional(),
  /** Whether its address has answered the address proof. */
  proved: z.boolean(),
  /** What the other members see of it. */
  peers: z.enum(['reachable', 'unreachable', 'unknown']),
  external_targets: z.array(externalTarget),
  probes_off: z.array(z.object({ kind: z.string(), reason: z.string() })),
  /** How far the clock of its host is ahead of the registry's, milliseconds, as of its last report; negative: behind. */
  clock_ahead_ms: z.number().optional(),
  /** Its own plan, as it told it at `at_ms` (epoch milliseconds). */
  schedule: ownSchedule.extend({ at_ms: z.number() }).optional(),
});
export type MemberView = z.infer<typeof memberView>;

/** `GET /members`, `?status=online,stale` filters. */
export const membersAnswer = z.object({ members: z.array(memberView) });
export type MembersAnswer = z.infer<typeof membersAnswer>;
