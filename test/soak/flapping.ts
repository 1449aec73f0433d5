import { setTimeout as sleep } from 'node:timers/promises';
import { openLine } from '../bench/http-line.ts';
import { simulateMember, type SimulatedMember } from '../bench/scale/simulated-member.ts';

export interface FlappingOrder {
  port: number;
  /** Members that stay. */
  steady: number;
  /** Members that come and go: each time they leave, every second one says goodbye, the others vanish. */
  flapping: number;
  seconds: number;
}

export interface FlappingReport {
  /** How often a member came, and went. */
  lives: number;
  /** Ids of those whose last word was a goodbye. */
  gone: string[];
}

const reportMs = 2_000;
const heartbeatMs = 15_000;

/** A program: members of which some come and go all the time. */
const order = JSON.parse(process.argv[2] ?? '{}') as FlappingOrder;
const endsMs = Date.now() + order.seconds * 1000;
let lives = 0;
const steady = Array.from({ length: order.steady }, (_, at) => live(`steady-${at}`, at, Infinity));
const gone = await Promise.all(Array.from({ length: order.flapping }, (_, at) => flap(at)));
process.stdout.write(`done ${JSON.stringify({ lives, gone: gone.filter((id) => id !== undefined) })}\n`);
await Promise.all(steady);

/** Comes and goes until the time is up. Gives its id when its last word was a goodbye. */
async function flap(at: number): Promise<string | undefined> {
  const id = `flapping-${at}`;
  const saysGoodbye = at % 2 === 0;
  while (Date.now() < endsMs) {
    const lifeMs = 4_000 + 8_000 * Math.random();
    const member = await live(id, order.steady + at, Math.min(endsMs, Date.now() + lifeMs));
    if (saysGoodbye) await member.leave();
    lives++;
    await sleep(1_000 + 4_000 * Math.random());
  }
  return saysGoodbye ? id : undefined;
}

/** A life until `untilMs`: what a member does, report by report. */
async function live(id: string, at: number, untilMs: number): Promise<SimulatedMember> {
  const line = await openLine(order.port, `127.0.2.${1 + (at % 200)}`);
  const member = simulateMember({ instance_id: id, location: `dc${at % 5}` }, 20_000 + at, line);
  await member.register();
  let heartbeatAtMs = Date.now() + heartbeatMs;
  while (Date.now() < untilMs) {
    await member.poll();
    await member.report();
    if (Date.now() >= heartbeatAtMs) {
      heartbeatAtMs += heartbeatMs;
      await member.heartbeat();
    }
    await sleep(Math.max(0, Math.min(reportMs, untilMs - Date.now())));
  }
  return member;
}
