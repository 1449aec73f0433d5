import { isMet, ratioOf, type BenchResult, type Figure, type Goal } from './bench.ts';

/** The result as people read it. */
export function benchTable({ figures, counts, notes }: BenchResult): string {
  const rows = [['figure', 'ours', 'peer', 'ratio', 'goal', 'met?'], ...figures.map(rowOf)];
  const widths = (rows[0] as string[]).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  const lines = rows.map((row) => row.map((cell, at) => padded(cell, widths[at] as number, at)).join('  '));
  const exact = counts.map(({ name, expected, found }) =>
    expected === found
      ? `exact: ${name}: ${number(found)}`
      : `WRONG: ${name}: ${number(found)} instead of ${number(expected)}`,
  );
  return [...lines.map((line) => line.trimEnd()), ...exact, ...notes.map((note) => `note: ${note}`)].join(
    '\n',
  );
}

/** The result for machines: the figures with their ratio and whether the goal is met. */
export function benchJson(name: string, result: BenchResult): string {
  const figures = result.figures.map((figure) => ({
    ...figure,
    ratio: ratioOf(figure),
    met: isMet(figure),
  }));
  return JSON.stringify({ bench: name, ...result, figures });
}

function rowOf(figure: Figure): string[] {
  const ratio = ratioOf(figure);
  const met = isMet(figure);
  return [
    `${figure.name} (${figure.unit})`,
    number(figure.ours),
    figure.peer === undefined ? '' : number(figure.peer),
    ratio === undefined ? '' : number(ratio),
    figure.goal === undefined ? '' : goalText(figure.goal),
    met === undefined ? '' : met ? 'yes' : 'NO',
  ];
}

function goalText({ of, is, value }: Goal): string {
  return `${of === 'ratio' ? 'ratio ' : ''}${is === 'at least' ? '≥' : '≤'} ${number(value)}`;
}

/** Three digits that mean something, thousands apart. */
export function number(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

function padded(text: string, width: number, column: number): string {
  return column === 0 || column >= 4 ? text.padEnd(width) : text.padStart(width);
}
