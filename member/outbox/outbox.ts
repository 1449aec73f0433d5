import { reportAnswer, type Refusal, type ReportRequest, type SelfHealth } from '@netring/contract/report';
import type { Task } from '@netring/contract/task';
import type { PlanVersion } from '@netring/contract/plan-answer';
import type { SignedAnswer } from '@netring/contract/proof';
import { backoffMs } from '../backoff.ts';
import type { Telling } from '../discovery/index.ts';
import type { Measured } from '../probe/index.ts';
import type { RegistryReply } from '../registry-client.ts';
import { repeating } from '../repeating.ts';
import { createBuckets, type Bucket } from './buckets.ts';
import { createRecords, type RecordKind, type RecordsToTell, type ReportRecords } from './records.ts';
import type { Naming } from './totals.ts';

/** After any outage of the registry it is whole again within a bucket of 10 s: no wait may be as long. */
const backoff = { firstMs: 1000, longestMs: 8_000 };
/** News of one event come within this time: they go into one report. */
const newsWithinMs = 50;
/** A bucket's whole state travels with each piece of its news. */
const newsEveryMs = 1000;
/** Traces and tests come every five minutes: the last ones are told again to a registry that lost them. */
const recordsToldAgainMs = 15 * 60_000;
/** Proofs that one report may carry. */
const maxProofs = 64;

/** Findings on their way to the registry. */
export interface Outbox {
  /** Keeps a finding; `news` when it is not what was found before, which is reported at once. */
  add(measured: Measured, naming: Naming, news: boolean): void;
  /** Keeps a record that goes with the next report, and with every one after it until one is taken. */
  tell<K extends RecordKind>(kind: K, record: ReportRecords[K]): void;
  /** Something is seen that was not there before: its report goes soon, but not more than one a second. */
  news(): void;
  /** How the member itself is has changed, which its next report tells: sends one soon. */
  tellSelf(): void;
  /** Tries at once, since the registry has just been heard. */
  kick(): void;
  /** The registry has forgotten us: sends again what is younger than `ageMs`. */
  sendAgain(ageMs: number): void;
  /** Sends what waits, as far as that succeeds at the first try, then nothing more. */
  finish(timeoutMs: number): Promise<void>;
  figures(): OutboxFigures;
}

export interface OutboxFigures {
  waiting: number;
  dropped: number;
  /** Traces and tests given up since there were too many. */
  droppedRecords: number;
  /** Reports that the registry called invalid, which will not be sent again. */
  givenUp: number;
  /** Records that the registry refused, of reports that it took. */
  refused: number;
}

export interface OutboxNeeds {
  instanceId: string;
  boot: string;
  bootMs: number;
  keptBuckets: number;
  keepMs: number;
  reportIntervalMs: number;
  now: () => number;
  send: (report: ReportRequest, timeoutMs?: number) => Promise<RegistryReply>;
  self: (figures: OutboxFigures) => SelfHealth;
  /** Signed answers that travel along. */
  proofs: { untold(limit: number): SignedAnswer[]; told(answers: readonly SignedAnswer[]): void };
  /** What discovery tells; absent where it is off. */
  discovery: Telling | undefined;
  onPlan: (plan: PlanVersion) => void;
  /** What the registry asks this member to do. */
  onTasks: (tasks: readonly Task[]) => void;
  onRefused: (what: string) => void;
}

export function createOutbox(needs: OutboxNeeds): Outbox {
  const buckets = createBuckets({ ...needs, kept: needs.keptBuckets });
  const records = createRecords(needs.now);
  let seq = 0;
  let failures = 0;
  let givenUp = 0;
  let refused = 0;
  let newsMs = -Infinity;

  const figures = () => ({
    waiting: buckets.waiting(),
    dropped: buckets.dropped(),
    droppedRecords: records.dropped(),
    givenUp,
    refused,
  });
  /** Sends one report; `later` when it has to be tried again, `more` when another one is due at once. */
  const sendOne = async (bucket: Bucket, timeoutMs?: number): Promise<'sent' | 'more' | 'later'> => {
    const { revision } = bucket;
    const proofs = needs.proofs.untold(maxProofs);
    const along = records.toTell();
    const found = needs.discovery?.toTell();
    const report = {
      ...reportOf(bucket, proofs, along, { ...needs, seq: seq++, self: needs.self(figures()) }),
      ...found?.part,
    };
    const verdict = verdictOf(await needs.send(report, timeoutMs));
    switch (verdict.kind) {
      case 'taken':
        buckets.acknowledge(bucket, revision);
        needs.proofs.told(proofs);
        records.told(along);
        found?.arrived();
        if (records.waiting() > 0 || found?.isMore === true) buckets.touch();
        needs.onPlan(verdict.plan);
        needs.onTasks(verdict.tasks);
        refused += verdict.refused.length;
        if (verdict.refused[0] !== undefined) {
          needs.onRefused(describeRefusals(verdict.refused));
        }
        return found?.isMore === true ? 'more' : 'sent';
      case 'invalid':
        // Sending it again would fail again, for ever, and hold up everything behind it.
        buckets.acknowledge(bucket, revision);
        records.told(along);
        found?.arrived();
        givenUp++;
        needs.onRefused(`a report: ${verdict.reason}`);
        return 'sent';
      case 'later':
        return 'later';
    }
  };
  /** The next bucket to report; one is opened for what discovery alone has to say. */
  const nextBucket = (): Bucket | undefined => {
    if (needs.discovery?.isWaiting() === true) buckets.touch();
    return buckets.next();
  };
  const work = async (): Promise<number> => {
    const bucket = nextBucket();
    if (bucket === undefined) return needs.reportIntervalMs;
    const sent = await sendOne(bucket);
    if (sent === 'later') return backoffMs(++failures, backoff, Math.random());
    failures = 0;
    return sent === 'more' || buckets.waiting() > 1 ? 0 : needs.reportIntervalMs;
  };
  const sending = repeating(needs.reportIntervalMs * Math.random(), work);
  const goOn = () => {
    failures = 0;
    sending.soon(0);
  };

  const touch = () => {
    buckets.touch();
    if (failures === 0) sending.soon(newsWithinMs);
  };

  return {
    add(measured, naming, news) {
      buckets.add(measured, naming);
      if (news && failures === 0) sending.soon(newsWithinMs);
    },
    tell(kind, record) {
      records.add(kind, record);
      touch();
    },
    news() {
      if (failures > 0) return;
      const nowMs = needs.now();
      // What is planned already takes this along. It is planned again: another report meanwhile has put it off.
      if (newsMs <= nowMs) newsMs = Math.max(nowMs + newsWithinMs, newsMs + newsEveryMs);
      sending.soon(newsMs - nowMs);
    },
    tellSelf: touch,
    kick() {
      if (failures > 0) goOn();
    },
    sendAgain(ageMs) {
      buckets.forgetAcknowledged(ageMs);
      records.forgetTold(Math.max(ageMs, recordsToldAgainMs));
      needs.discovery?.forgetTold(ageMs);
      if (records.waiting() > 0) buckets.touch();
      goOn();
    },
    async finish(timeoutMs) {
      sending.stop();
      const deadlineMs = needs.now() + timeoutMs;
      for (let bucket = nextBucket(); bucket !== undefined; bucket = buckets.next()) {
        const leftMs = Math.floor(deadlineMs - needs.now());
        if (leftMs <= 0 || (await sendOne(bucket, leftMs)) === 'later') return;
      }
    },
    figures,
  };
}

function reportOf(
  bucket: Bucket,
  proofs: SignedAnswer[],
  along: RecordsToTell,
  from: { instanceId: string; boot: string; seq: number; now: () => number; self: SelfHealth },
): ReportRequest {
  return {
    instance_id: from.instanceId,
    boot: from.boot,
    seq: from.seq,
    now_ms: from.now(),
    bucket: { n: bucket.n, started_ms: bucket.startedMs },
    paths: [...bucket.paths.values()],
    ...along,
    ...(proofs.length > 0 && { proofs }),
    self: from.self,
  };
}

function describeRefusals(refused: readonly Refusal[]): string {
  const { of = 'paths', field, reason } = refused[0] as Refusal;
  return `${refused.length} records, the first of ${of} since ${field === undefined ? '' : `${field}: `}${reason}`;
}

type Verdict =
  | { kind: 'taken'; plan: PlanVersion; tasks: Task[]; refused: Refusal[] }
  | { kind: 'invalid'; reason: string }
  | { kind: 'later' };

/** What a reply to a report means for it. */
export function verdictOf(reply: RegistryReply): Verdict {
  if (reply.kind === 'away') return { kind: 'later' };
  const answer = reportAnswer.safeParse(reply.body);
  if (reply.status === 200 && answer.success) {
    const { plan, tasks = [], refused = [] } = answer.data;
    return { kind: 'taken', plan, tasks, refused };
  }
  if (reply.status === 400 || reply.status === 413 || reply.status === 422) {
    return { kind: 'invalid', reason: `the registry answered with status ${reply.status}` };
  }
  return { kind: 'later' };
}
