import { setTimeout as sleep } from 'node:timers/promises';
import { openLine } from '../http-line.ts';
import { simulateMember, type SimulatedMember } from './simulated-member.ts';

export interface CrowdOrder {
  port: number;
  members: number;
  locations: number;
  /** How long they live after the last of them has reported. */
  seconds: number;
}

export interface CrowdReport {
  reports: number;
  heartbeats: number;
  polls: number;
}

/** What a member does by default. */
const reportMs = 2_000;
const heartbeatMs = 15_000;
const pollMs = 30_000;

/** A program: a crowd of members that register, poll, live and report, each on its own connection. */
const order = JSON.parse(process.argv[2] ?? '{}') as CrowdOrder;
const done: CrowdReport = { reports: 0, heartbeats: 0, polls: 0 };
const crowd = await Promise.all(Array.from({ length: order.members }, (_, at) => enter(at)));
for (const member of crowd) await member.poll();
for (const member of crowd) live(member);
await sleep(reportMs + 500);
process.stdout.write('warm\n');
const before = { ...done };
await sleep(order.seconds * 1000);
const during = {
  reports: done.reports - before.reports,
  heartbeats: done.heartbeats - before.heartbeats,
  polls: done.polls - before.polls,
};
process.stdout.write(`done ${JSON.stringify(during)}\n`);
process.exit(0);

/** Each hundred from an address of its own: registrations are counted by address. */
async function enter(at: number): Promise<SimulatedMember> {
  const line = await openLine(order.port, `127.0.1.${1 + Math.floor(at / 100)}`);
  const id = String(at).padStart(4, '0');
  const self = { instance_id: `scale-${id}`, location: `dc${String(at % order.locations).padStart(2, '0')}` };
  const member = simulateMember(self, 20_000 + at, line);
  await member.register();
  return member;
}

function live(member: SimulatedMember): void {
  every(reportMs, async () => void (await member.report(), done.reports++));
  every(heartbeatMs, async () => void (await member.heartbeat(), done.heartbeats++));
  every(pollMs, async () => void (await member.poll(), done.polls++));
}

/** In a rhythm of its own: members that were started together do not speak together. */
function every(ms: number, task: () => Promise<void>): void {
  const run = () => void task().catch(fail);
  setTimeout(() => {
    setInterval(run, ms);
    run();
  }, Math.random() * ms);
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
