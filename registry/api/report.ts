import { reportAnswer, reportRequest, type Refusal } from '@netring/contract/report';
import { sessionHash } from '../membership/index.ts';
import { readReport, type ReadReport } from '../paths/index.ts';
import { answerJson } from './answer.ts';
import { ApiError } from './api-error.ts';
import { parseJson, readBody } from './body.ts';
import type { App, Rooms } from './context.ts';
import { described } from './describe.ts';
import { mustBeKnown, tasksFor } from './membership.ts';

/** 5,000 records of 300 bytes, and room to spare. */
const reportLimitBytes = 4 * 1024 * 1024;

/** `POST /report`. */
export function reportRoutes(app: App, rooms: Rooms): void {
  app.post(
    '/report',
    described({
      summary: 'A member pushes what it saw in one bucket of time',
      tag: 'members',
      request: reportRequest,
      answer: reportAnswer,
    }),
    async (c) => {
      rooms.rights.maySpeak(c);
      const raw = await readBody(c, reportLimitBytes);
      const read = readReport(parseJson(raw));
      if (read.outcome === 'invalid') throw new ApiError(400, read.answer);
      const { report } = read;
      const session = await sessionOf(report.envelope.instance_id, rooms.rights.bearer(c), rooms);
      const taken = await rooms.ingest.take(report, isTotalsOnly(report) ? raw : undefined, session);
      rooms.metrics.report(
        taken.outcome,
        taken.outcome === 'ok' ? report.paths.length : 0,
        report.refused.length,
      );
      if (taken.outcome !== 'old') mustBeKnown(taken);
      await rooms.membership.prove(report.envelope.proofs);
      const refusals = [
        ...report.refused,
        ...(await takeTests(report, rooms)),
        ...(await takeTraces(report, rooms)),
        ...(await takeTraffic(report, rooms)),
      ];
      for (const { of } of refusals) if (of !== undefined) rooms.metrics.refused(of, 1);
      const refused = refusals.length === 0 ? {} : { refused: refusals };
      const { instance_id: id } = report.envelope;
      return answerJson(c, {
        status: 'ok',
        plan: rooms.membership.plan(),
        ...tasksFor(id, rooms),
        ...refused,
      });
    },
  );
}

/** Bandwidth tests: also those of a report that was taken before, whose answer may have been lost on the way. */
async function takeTests({ envelope, bandwidth }: ReadReport, rooms: Rooms): Promise<Refusal[]> {
  if (bandwidth.length === 0) return [];
  const sent = { sentMs: envelope.now_ms, receivedMs: rooms.clock.nowMs() };
  return rooms.bandwidth.tests.take(envelope.instance_id, bandwidth, sent);
}

/** Traces, likewise. */
async function takeTraces({ envelope, traces }: ReadReport, rooms: Rooms): Promise<Refusal[]> {
  if (traces.length === 0) return [];
  const { instance_id: source, now_ms: sentMs } = envelope;
  return rooms.traces.take({ source, sentMs, receivedMs: rooms.clock.nowMs() }, traces);
}

/** Traffic, what runs on the host, and requests as they happen: likewise. */
async function takeTraffic(report: ReadReport, rooms: Rooms): Promise<Refusal[]> {
  const { envelope, traffic, inventory, requests } = report;
  if (traffic.length === 0 && inventory === undefined && requests === undefined) return [];
  const { instance_id: member, boot, now_ms: sentMs } = envelope;
  const receivedMs = Math.round(rooms.clock.nowMs());
  return rooms.traffic.intake.take({ member, boot, sentMs, receivedMs, traffic, inventory, requests });
}

/** Whether the body may be stored as it came. */
function isTotalsOnly({ refused, traces, bandwidth, traffic, inventory, requests }: ReadReport): boolean {
  const others = refused.length + traces.length + bandwidth.length + traffic.length;
  return others === 0 && inventory === undefined && requests === undefined;
}

async function sessionOf(id: string, bearer: string | undefined, rooms: Rooms): Promise<string> {
  const expected = await rooms.membership.expectedSession(id, bearer);
  if (expected === undefined) mustBeKnown({ outcome: 'unknown_member' });
  return expected ?? sessionHash('');
}
