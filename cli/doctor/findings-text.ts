import { terminalText } from '../terminal-text.ts';
import type { Finding } from './finding.ts';

/** For people: a line each, and under what is wrong a second one that says what to do; then how many there are. */
export function findingsText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, outcome, said, todo }) => {
    const head = `${outcome.padEnd(8)} ${check.padEnd(width)}`;
    const line = `${head}  ${terminalText(said)}`;
    return todo === undefined ? [line] : [line, `${' '.repeat(head.length + 2)}→ ${terminalText(todo)}`];
  });
  const problems = count(findings, 'problem');
  const warnings = count(findings, 'warning');
  const sum =
    problems === 0
      ? `No problems${warnings === 0 ? '' : `, ${counted(warnings, 'warning')}`}.`
      : `${counted(problems, 'problem')}, ${counted(warnings, 'warning')}.`;
  return [...lines, '', sum].join('\n');
}

function count(findings: readonly Finding[], outcome: Finding['outcome']): number {
  return findings.filter((one) => one.outcome === outcome).length;
}

function counted(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? '' : 's'}`;
}
