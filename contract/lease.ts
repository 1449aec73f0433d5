import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { instanceId, ipAddress, locationName, port, shortText } from './text.ts';

/**
 * The times of a lease, milliseconds. What keeps two leases apart rests on their order: the source counts `deadline`
 * from when it *asked* and begins within `beginWithin` of that, the far end counts `farEnd` from when it first sees the
 * ticket, and the store holds the names longer than both: `beginWithin + farEnd < deadline < held`. A leader that has
 * just begun, or whose store was just emptied, grants nothing for as long as an unknown lease may be held.
 */
export const leaseTimes = { beginWithin: 3_000, farEnd: 26_000, deadline: 30_000, held: 35_000 } as const;

/** `POST /leases`: may this member test a path now, and which? */
export const leaseRequest = z.object({
  instance_id: instanceId,
  /** The member's own least time between two tests of one path. */
  interval_ms: z.number().int().min(1000).max(86_400_000),
});
export type LeaseRequest = z.infer<typeof leaseRequest>;

/**
 * What the far end of a test is shown: it serves nobody without one, and refuses fences below the highest it has seen.
 * No times of day: `deadline_ms` is how long it may serve, on its own clock, from when it first sees the fence.
 */
export const ticket = z.object({
  fence: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  source: instanceId,
  target: instanceId,
  deadline_ms: z.number().int().min(1).max(leaseTimes.held),
  /** HMAC-SHA-256 (RFC 2104) over the rest, in hex. */
  mac: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits'),
});
export type Ticket = z.infer<typeof ticket>;

/** The right to test one path, until `deadline_ms` after the member *asked* for it, on the member's own clock. */
export const lease = z.object({
  id: shortText(64),
  fence: ticket.shape.fence,
  target: z.object({ instance_id: instanceId, location: locationName, ip: ipAddress, port }),
  ticket,
  deadline_ms: ticket.shape.deadline_ms,
  /** How often this path is tested as things stand: the member's interval, or longer where there are many paths. */
  interval_ms: z.number().int().min(1000),
});
export type LeaseGranted = z.infer<typeof lease>;

export const leaseAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('granted'), lease }),
  z.object({
    status: z.literal('later'),
    ask_again_ms: z.number().int().min(0),
    /** Why not now, for people. */
    reason: z.string().max(300),
    /** The path that would have been tested, where one is due: a test that was skipped. */
    target: instanceId.optional(),
  }),
]);
export type LeaseAnswer = z.infer<typeof leaseAnswer>;

/** `DELETE /leases/{id}`: the test is over. */
export const leaseEnded = z.object({ status: z.literal('ended') });

/** Writes a ticket. `token`: the join token, empty in a ring without one. */
export function signTicket(token: string, facts: Omit<Ticket, 'mac'>): Ticket {
  return { ...facts, mac: macOf(token, facts) };
}

/** Whether a holder of one of `tokens` (none: a ring without) wrote this ticket. */
export function isGenuine(tokens: readonly string[], one: Ticket): boolean {
  const given = Buffer.from(one.mac, 'hex');
  const keys = tokens.length === 0 ? [''] : tokens;
  return keys.some((token) => timingSafeEqual(Buffer.from(macOf(token, one), 'hex'), given));
}

function macOf(token: string, { fence, source, target, deadline_ms }: Omit<Ticket, 'mac'>): string {
  const text = JSON.stringify(['netring bandwidth ticket 1', fence, source, target, deadline_ms]);
  return createHmac('sha256', token).update(text).digest('hex');
}

/** A ticket as it travels in a header. */
export function encodeTicket(one: Ticket): string {
  return Buffer.from(JSON.stringify(one)).toString('base64url');
}

/** The ticket in a header; undefined when it is none. */
export function decodeTicket(text: string): Ticket | undefined {
  if (text.length > 2048) return undefined;
  try {
    return ticket.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString())).data;
  } catch {
    return undefined;
  }
}
