import { performance } from 'node:perf_hooks';
import { bucketMs } from '@netring/contract/report';
import type { RegisterAnswer } from '@netring/contract/member';
import { openLine, type HttpLine } from '../http-line.ts';
import { expositionBodies } from './exposition-body.ts';
import { locationOf, memberCount, memberId } from './facts.ts';
import { reportBodies } from './report-body.ts';

export interface LoadOrder {
  to: 'registry' | 'pushgateway';
  port: number;
  seconds: number;
}

export interface LoadReport {
  /** Acknowledged. */
  reports: number;
  seconds: number;
  bytes: number;
  /** Of this program itself, to see that it is not what limits. */
  cpuSeconds: number;
}

/** What one simulated member does with its line, report after report. Gives the bytes of the body. */
type Push = (line: HttpLine) => Promise<number>;

/** A program: loads one server by as many members as there are, each with one report under way at a time. */
const json = 'content-type: application/json\r\n';
const order = JSON.parse(process.argv[2] ?? '{}') as LoadOrder;
const lines = await Promise.all(Array.from({ length: memberCount }, () => openLine(order.port)));
const pushes: Push[] = [];
for (const [at, line] of lines.entries())
  pushes.push(order.to === 'registry' ? await registryPush(at, line) : gatewayPush(at));
process.stdout.write('started\n');
const report = await load();
for (const line of lines) line.close();
process.stdout.write(`done ${JSON.stringify(report)}\n`);

async function load(): Promise<LoadReport> {
  const startedMs = performance.now();
  const endsMs = startedMs + order.seconds * 1000;
  const cpu = process.cpuUsage();
  let reports = 0;
  let bytes = 0;
  const one = async (push: Push, line: HttpLine) => {
    while (performance.now() < endsMs) {
      bytes += await push(line);
      reports++;
    }
  };
  await Promise.all(pushes.map((push, at) => one(push, lines[at] as HttpLine)));
  const { user, system } = process.cpuUsage(cpu);
  const cpuSeconds = (user + system) / 1e6;
  return { reports, bytes, cpuSeconds, seconds: (performance.now() - startedMs) / 1000 };
}

async function registryPush(at: number, line: HttpLine): Promise<Push> {
  const request = { instance_id: memberId(at), location: locationOf(at), ip: '127.0.0.1', port: 20_000 + at };
  const answer = await line.ask('POST', '/register', json, JSON.stringify(request));
  if (answer.status !== 200) throw new Error(`Registering was answered ${answer.status}: ${answer.body}`);
  const { session } = JSON.parse(answer.body) as RegisterAnswer;
  const headers = `${json}authorization: Bearer ${session}\r\n`;
  const body = reportBodies(at, 'bench');
  const bornMs = performance.now();
  let seq = 0;
  let n = -1;
  let checks = 0;
  return async (to) => {
    const nowMs = microseconds(performance.now() - bornMs);
    const bucket = Math.floor(nowMs / bucketMs);
    checks = bucket === n ? checks + 1 : 1;
    n = bucket;
    const text = body({ seq: ++seq, nowMs, n, startedMs: n * bucketMs, checks, endedMs: nowMs });
    const { status, body: said } = await to.ask('POST', '/report', headers, text);
    if (status !== 200 || said.includes('"refused"'))
      throw new Error(`A report was answered ${status}: ${said}`);
    return text.length;
  };
}

function gatewayPush(at: number): Push {
  const body = expositionBodies(at);
  const path = `/metrics/job/netring/instance/${memberId(at)}`;
  let checks = 0;
  return async (to) => {
    const text = body({ checks: ++checks, endedMs: microseconds(performance.now()) });
    const { status, body: said } = await to.ask('PUT', path, 'content-type: text/plain\r\n', text);
    if (status !== 200 && status !== 202) throw new Error(`A push was answered ${status}: ${said}`);
    return text.length;
  };
}

/** As a member sends it: thousandths of a millisecond and no more. */
function microseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
