import { checksMark, endedMark, markedTotals, memberId } from './facts.ts';
import { template } from './template.ts';

/** Writes the reports of one member: everything but a few numbers is made once. */
export function reportBodies(at: number, boot: string) {
  const fill = template(JSON.stringify(markedTotals(at)), [checksMark, endedMark]);
  const id = JSON.stringify(memberId(at));
  return (report: {
    seq: number;
    nowMs: number;
    n: number;
    startedMs: number;
    checks: number;
    endedMs: number;
  }): string => {
    const bucket = `{"n":${report.n},"started_ms":${report.startedMs}}`;
    const head = `{"instance_id":${id},"boot":"${boot}","seq":${report.seq},"now_ms":${report.nowMs},"bucket":${bucket}`;
    return `${head},"paths":${fill([String(report.checks), String(report.endedMs)])}}`;
  };
}
