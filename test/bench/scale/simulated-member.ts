import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { bucketOf } from '@netring/contract/histogram';
import type { RegisterAnswer } from '@netring/contract/member';
import { createPlanner, type Planned } from '@netring/contract/plan';
import type { PlanAnswer } from '@netring/contract/plan-answer';
import { bucketMs, type PathTotals, type ReportRequest } from '@netring/contract/report';
import type { HttpLine } from '../http-line.ts';

/** The default check interval: two results a bucket. */
const checkMs = 5_000;

/** Says what a member says, without measuring anything. */
export interface SimulatedMember {
  register(): Promise<void>;
  /** Asks for the member list, whole or by the version it knows; gives the status. */
  poll(): Promise<number>;
  heartbeat(): Promise<void>;
  report(): Promise<void>;
  /** Says goodbye. */
  leave(): Promise<void>;
}

export function simulateMember(self: Planned, port: number, line: HttpLine): SimulatedMember {
  const bornMs = performance.now();
  const boot = randomUUID();
  let headers = 'content-type: application/json\r\n';
  let version = '';
  let targets: readonly string[] = [];
  let seq = 0;
  // One call at a time, as on the one connection that a member keeps.
  let before: Promise<unknown> = Promise.resolve();

  function call(method: string, path: string, body: object | undefined) {
    const text = body === undefined ? '' : JSON.stringify(body);
    const answer = before.then(() => line.ask(method, path, headers, text));
    before = answer.catch(() => undefined);
    return answer;
  }

  async function post(path: string, body: object): Promise<string> {
    const { status, body: said } = await call('POST', path, body);
    if (status !== 200 || said.includes('"refused"'))
      throw new Error(`${path} was answered ${status}: ${said}`);
    return said;
  }

  return {
    async register() {
      const said = await post('/register', { ...self, ip: '127.0.0.1', port });
      headers += `authorization: Bearer ${(JSON.parse(said) as RegisterAnswer).session}\r\n`;
    },
    async poll() {
      const { status, body } = await call('GET', `/members?view=plan&version=${version}`, undefined);
      if (status !== 200) return status;
      const plan = JSON.parse(body) as PlanAnswer;
      version = plan.version;
      const { fixed, rotating } = createPlanner(plan.members)(self.instance_id, plan.epoch);
      targets = [...fixed, ...rotating].map((one) => one.instance_id);
      return status;
    },
    heartbeat: async () => void (await post('/heartbeat', { instance_id: self.instance_id })),
    leave: async () => void (await post('/deregister', { instance_id: self.instance_id })),
    async report() {
      const now_ms = rounded(performance.now() - bornMs);
      const n = Math.floor(now_ms / bucketMs);
      const checks = 1 + Math.floor((now_ms - n * bucketMs) / checkMs);
      const paths = targets.flatMap((target) => [tcp(target, checks, now_ms), http(target, checks, now_ms)]);
      const bucket = { n, started_ms: n * bucketMs };
      const report: ReportRequest = {
        instance_id: self.instance_id,
        boot,
        seq: ++seq,
        now_ms,
        bucket,
        paths,
      };
      await post('/report', report);
    },
  };
}

function counted(target: string, checks: number, ms: number) {
  return { target, checks, failed: 0, voided: 0, sent: checks, lost: 0, latency: [bucketOf(ms), checks] };
}

function tcp(target: string, checks: number, nowMs: number): PathTotals {
  const connect_ms = rounded(1 + 40 * Math.random());
  return {
    ...counted(target, checks, connect_ms),
    last: { kind: 'tcp', outcome: 'ok', ended_ms: nowMs, connect_ms },
  };
}

function http(target: string, checks: number, nowMs: number): PathTotals {
  const connect_ms = rounded(1 + 40 * Math.random());
  const first_byte_ms = rounded(connect_ms + 0.5);
  const times = { connect_ms, first_byte_ms, total_ms: rounded(2 * connect_ms + 0.6) };
  return {
    ...counted(target, checks, first_byte_ms),
    endpoint: '/health',
    last: { kind: 'http', outcome: 'ok', ended_ms: nowMs, status: 200, ...times },
  };
}

/** Thousandths of a millisecond, as members send them. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
