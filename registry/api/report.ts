import { reportAnswer, reportRequest } from '@netring/contract/report';
import { sessionHash } from '../membership/index.ts';
import { readReport, type ReadReport } from '../paths/index.ts';
import { answerJson } from './answer.ts';
import { ApiError } from './api-error.ts';
import { parseJson, readBody } from './body.ts';
import type { App, Rooms } from './context.ts';
import { described } from './describe.ts';
import { mustBeKnown } from './membership.ts';

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
      const refused = report.refused.length === 0 ? {} : { refused: report.refused };
      return answerJson(c, { status: 'ok', plan: rooms.membership.plan(), ...refused });
    },
  );
}

/** Whether the body may be stored as it came. */
function isTotalsOnly({ refused, traces, bandwidth }: ReadReport): boolean {
  return refused.length + traces.length + bandwidth.length === 0;
}

async function sessionOf(id: string, bearer: string | undefined, rooms: Rooms): Promise<string> {
  const expected = await rooms.membership.expectedSession(id, bearer);
  if (expected === undefined) mustBeKnown({ outcome: 'unknown_member' });
  return expected ?? sessionHash('');
}
