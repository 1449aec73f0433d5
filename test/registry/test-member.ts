import type { MembersAnswer, MemberView, RegisterAnswer } from '@netring/contract/member';
import type { OverviewAnswer } from '@netring/contract/overview';
import type { PathsAnswer } from '@netring/contract/path';
import { newNonce, signAddress } from '@netring/contract/proof';
import type { ReportAnswer, ReportRequest } from '@netring/contract/report';
import type { Outcome } from '@netring/contract/result';
import { call, type Answer, type CallOptions } from './call.ts';
import { joinToken } from './start-registry.ts';

/** A member as the registry sees one: it says what the test tells it to. */
export interface TestMember {
  id: string;
  session: string;
  heartbeat(base?: string): Promise<Answer>;
  deregister(): Promise<Answer>;
  /** Reports what it saw of others, with the next sequence number. */
  report(seen: Record<string, Outcome>, more?: Partial<ReportRequest>, base?: string): Promise<Answer>;
}

export interface Joining {
  location?: string;
  ip?: string;
  port?: number;
  token?: string | undefined;
  /** Whether its address counts as proved from the beginning; it does unless told otherwise. */
  proved?: boolean;
  external_targets?: { name: string; kind: 'tcp' | 'http'; address: string }[];
}

/** Registers `id`; rejects with the answer when that is refused. */
export async function join(base: string, id: string, joining: Joining = {}): Promise<TestMember> {
  const { token = joinToken, proved = true, ...rest } = joining;
  const body = { instance_id: id, location: 'us1', ip: '127.0.0.1', port: 8757, ...rest };
  const answer = await call(base, '/register', { body, bearer: token });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  const { session } = answer.json as RegisterAnswer;
  const member = memberWith(base, id, session);
  if (proved) await member.report({}, { proofs: [signAddress(token, body, newNonce())] });
  return member;
}

/** A member that has a session already. */
export function memberWith(base: string, id: string, session: string): TestMember {
  let seq = 0;
  const post = (path: string, body: object, at = base) =>
    call(at, path, { body, bearer: session } satisfies CallOptions);
  return {
    id,
    session,
    heartbeat: (at) => post('/heartbeat', { instance_id: id }, at),
    deregister: () => post('/deregister', { instance_id: id }),
    report: (seen, more = {}, at = base) => post('/report', { ...reportOf(id, seq++, seen), ...more }, at),
  };
}

/** A whole report of the first bucket of a boot. */
export function reportOf(id: string, seq: number, seen: Record<string, Outcome>): ReportRequest {
  return {
    instance_id: id,
    boot: 'boot-1',
    seq,
    now_ms: 5_000 + seq,
    bucket: { n: 0, started_ms: 0 },
    paths: Object.entries(seen).map(([target, outcome]) => ({
      target,
      checks: 1,
      failed: outcome === 'ok' ? 0 : 1,
      voided: 0,
      sent: 1,
      lost: outcome === 'timeout' ? 1 : 0,
      latency: outcome === 'ok' ? [100, 1] : [],
      last: { kind: 'tcp', outcome, ended_ms: 4_900 },
    })),
  };
}

export const overview = async (base: string) => (await call(base, '/api/overview')).json as OverviewAnswer;
export const paths = async (base: string, query = '') =>
  (await call(base, `/api/paths${query}`)).json as PathsAnswer;
export const members = async (base: string): Promise<MemberView[]> =>
  ((await call(base, '/members')).json as MembersAnswer).members;
export const reportAnswerOf = (answer: Answer) => answer.json as ReportAnswer;

/** Everything about members but when they were last heard, which every call of theirs changes. */
export const lasting = (views: readonly MemberView[]) => views.map((view) => ({ ...view, last_seen: 0 }));
