import { readFileSync } from 'node:fs';

/** Linux has counted processor time in hundredths of a second since ever (`getconf CLK_TCK`). */
const ticksPerSecond = 100;

/** Seconds of processor time that a process has used, all threads, user and kernel (proc(5), `/proc/PID/stat`). */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, in parentheses, may hold spaces; the fields after it are counted from the state, which is the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Memory of a process that is in RAM, bytes; pages shared with others count in full. */
export function residentBytes(pid: number): number {
  return 1024 * kilobytes(`/proc/${pid}/status`, 'VmRSS');
}

/** Memory of a process that is in RAM, bytes; a page shared by n processes counts as an n-th of it. */
export function proportionalBytes(pid: number): number {
  return 1024 * kilobytes(`/proc/${pid}/smaps_rollup`, 'Pss');
}

/** Processes that a process has started and that still run. */
export function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

/** What some processes would need if nobody else ran the same program: what is their own, and one time what is shared. */
export function aloneBytes(pids: readonly number[]): number {
  const each = pids.map((pid) => {
    const file = `/proc/${pid}/smaps_rollup`;
    const own = kilobytes(file, 'Private_Clean') + kilobytes(file, 'Private_Dirty');
    return { own, shared: kilobytes(file, 'Rss') - own };
  });
  const shared = Math.max(...each.map((one) => one.shared));
  return 1024 * each.reduce((sum, one) => sum + one.own, shared);
}

function kilobytes(file: string, field: string): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(file, 'utf8'))?.[1];
  if (found === undefined) throw new Error(`${file} has no ${field}.`);
  return Number(found);
}
