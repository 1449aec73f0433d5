import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  isValidRate,
  type BandwidthResult,
  type BandwidthTest,
  type Direction,
} from '@netring/contract/bandwidth';
import { encodeTicket, leaseAnswer, leaseTimes, type LeaseGranted } from '@netring/contract/lease';
import type { Logger } from '@netring/service/log';
import { backoffMs } from '../backoff.ts';
import type { Membership } from '../membership.ts';
import type { BandwidthOrder, BandwidthRun, FromBandwidth, ProbeProcess } from '../probe/index.ts';
import { repeating } from '../repeating.ts';
import type { Check } from '../schedule/index.ts';
import { createDayBudget } from './budget.ts';
import { createGate } from './gate.ts';

/** The bandwidth tests of a member: its own, one lease after the other, and those it is the far end of. */
export interface Tester {
  /** What the probe process tells. */
  told(message: FromBandwidth): void;
  /** These are the checks that run now: a member that is not among them is not tested to. */
  follow(checks: readonly Check[]): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** In how many milliseconds it next asks for a lease; `undefined`: it makes no tests. */
  nextInMs(): number | undefined;
  stop(): void;
}

export interface TesterNeeds {
  instanceId: string;
  /** Least time between two tests of one path; 0: no tests, at neither end. */
  intervalMs: number;
  /** Most bytes of one direction; absent: as many as it takes, within `mostBytesEver`. */
  sizeBytes: number | undefined;
  /** Most bytes in 24 hours, all tests together. */
  dayBytes: number;
  tokens: readonly string[];
  membership: Membership;
  probes: Pick<ProbeProcess, 'send'>;
  now: () => number;
  report: (test: BandwidthTest) => void;
  /** A valid rate in a direction between here and the target of `check`. */
  onRate: (check: Check, direction: Direction, mbps: number, intervalMs: number) => void;
  log: Logger;
}

/** One direction of one test, whatever is configured: eight seconds of a gigabit. */
const mostBytesEver = 1_000_000_000;
const firstWithinMs = 30_000;
const backoff = { firstMs: 5_000, longestMs: 60_000 };
/** Below this a test cannot leave slow start. */
const leastBytes = 100_000;

export function createTester(needs: TesterNeeds): Tester {
  const { now, intervalMs, membership, instanceId, log } = needs;
  const budget = createDayBudget(needs.dayBytes, now);
  const skippedAt = new Map<string, number>();
  let targets = new Map<string, Check>();
  let underWay: { id: string; done: (run: BandwidthRun | undefined) => void } | undefined;
  let failures = 0;

  const mostBytes = () => {
    const bytes = Math.min(needs.sizeBytes ?? mostBytesEver, mostBytesEver, budget.left() / 2);
    return intervalMs > 0 && bytes >= leastBytes ? Math.floor(bytes) : 0;
  };
  const gate = createGate({
    instanceId,
    tokens: needs.tokens,
    now,
    isTesting: () => underWay !== undefined,
    mostBytes,
    serve: (socket, admitted) => needs.probes.send({ type: 'bandwidth-serve', admitted }, socket),
  });

  const skip = (target: string, reason: string) => {
    const startedMs = now();
    // Who waits asks again and again; the test that is skipped is one.
    if (startedMs - (skippedAt.get(target) ?? -Infinity) < intervalMs) return;
    skippedAt.set(target, startedMs);
    log.debug({ target, reason }, 'a bandwidth test was skipped');
    needs.report({ id: randomUUID(), target, started_ms: startedMs, ended_ms: startedMs, skipped: reason });
  };

  /** Hands a test to the probe process; undefined when nothing comes back. */
  const order = (one: Omit<BandwidthOrder, 'sizeIsSet' | 'mostBytes'>): Promise<BandwidthRun | undefined> =>
    new Promise((resolve) => {
      const id = randomUUID();
      const timer = setTimeout(() => underWay?.done(undefined), one.deadlineAtMs - now() + 500);
      underWay = {
        id,
        done(run) {
          clearTimeout(timer);
          underWay = undefined;
          resolve(run);
        },
      };
      const full = { ...one, mostBytes: mostBytes(), sizeIsSet: needs.sizeBytes !== undefined };
      if (!needs.probes.send({ type: 'bandwidth-test', id, order: full })) underWay.done(undefined);
    });

  /** Why a lease that was granted is not used; undefined when it is. */
  const objection = ({ target }: LeaseGranted, askedMs: number): string | undefined => {
    const check = targets.get(target.instance_id);
    if (check?.target.host !== target.ip || check.target.port !== target.port)
      return 'this member does not probe that address (not proved, or not in its plan)';
    if (mostBytes() === 0) return 'the bytes that this member spends in a day are spent';
    if (now() - askedMs > leaseTimes.beginWithin) return 'the lease came too late to be used';
    return undefined;
  };

  const use = async (lease: LeaseGranted, askedMs: number) => {
    const { fence, interval_ms, target } = lease;
    const reason = objection(lease, askedMs);
    if (reason !== undefined) return skip(target.instance_id, reason);
    const startedMs = now();
    const { ip: host, port } = target;
    const run = await order({
      fence,
      host,
      port,
      ticket: encodeTicket(lease.ticket),
      deadlineAtMs: askedMs + lease.deadline_ms,
    });
    if (run === undefined) return skip(target.instance_id, 'the probe process gave no answer');
    budget.spend(run.bytes);
    const test = { id: lease.id, target: target.instance_id, started_ms: startedMs, ended_ms: now() };
    needs.report({ ...test, fence, interval_ms, results: run.results });
    run.results.forEach((result) => tell(target.instance_id, result, interval_ms));
  };
  const tell = (target: string, result: BandwidthResult, intervalMs: number) => {
    if (result.limited_by === 'cap') log.warn({ target, ...result }, 'a bandwidth test was too small');
    else log.debug({ target, ...result }, 'bandwidth tested');
    const check = targets.get(target);
    if (check === undefined || !isValidRate(result)) return;
    needs.onRate(check, result.direction, result.mbps, intervalMs);
  };

  const work = async (): Promise<number> => {
    const askedMs = now();
    const body = { instance_id: instanceId, interval_ms: intervalMs };
    const reply = await membership.call({ method: 'POST', path: '/leases', body });
    const answer = reply.kind === 'answered' ? leaseAnswer.safeParse(reply.body).data : undefined;
    if (answer === undefined) return backoffMs(++failures, backoff, Math.random());
    failures = 0;
    if (answer.status === 'later') {
      if (answer.target !== undefined) skip(answer.target, answer.reason);
      return jittered(Math.min(intervalMs, Math.max(1000, answer.ask_again_ms)));
    }
    await use(answer.lease, askedMs);
    await membership.call({ method: 'DELETE', path: `/leases/${encodeURIComponent(answer.lease.id)}` });
    return jittered(backoff.firstMs);
  };
  const loop =
    intervalMs > 0 ? repeating(Math.random() * Math.min(intervalMs, firstWithinMs), work) : undefined;

  return {
    told(message) {
      if (message.type === 'bandwidth-served') budget.spend(message.bytes);
      else if (message.id === underWay?.id) underWay.done(message.run);
    },
    follow(checks) {
      targets = new Map(
        checks.filter(({ target }) => target.kind === 'tcp').map((check) => [check.id, check]),
      );
      for (const id of skippedAt.keys()) if (!targets.has(id)) skippedAt.delete(id);
    },
    upgrade: (request, socket, head) => gate.upgrade(request, socket, head),
    nextInMs: () => loop?.nextInMs(),
    stop() {
      loop?.stop();
      underWay?.done(undefined);
    },
  };
}

/** Members that began together drift apart. */
function jittered(ms: number): number {
  return ms * (1 + 0.2 * Math.random());
}
