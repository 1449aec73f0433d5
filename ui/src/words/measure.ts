/** A latency in milliseconds with three figures at most and its unit: `0.34 ms`, `4.2 ms`, `87 ms`, `1.24 s`. */
export function latencyText(ms: number): string {
  if (ms < 0.995) return `${ms.toFixed(2)} ms`;
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(ms < 9_995 ? 2 : 1)} s`;
}

/** What was lost of what was sent as a percentage; `undefined` when nothing was lost. A loss never reads `0 %`. */
export function lossText(sent: number, lost: number): string | undefined {
  if (lost <= 0 || sent <= 0) return undefined;
  const percent = (100 * lost) / sent;
  if (percent < 0.1) return '<0.1 %';
  return `${percent < 9.95 && !Number.isInteger(percent) ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** `1 path`, `2 paths`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A rate from megabits a second with three figures at most and its unit: `0.84 Mbit/s`, `94 Mbit/s`, `2.4 Gbit/s`. */
export function rateText(mbps: number): string {
  if (mbps < 0.995) return `${mbps.toFixed(2)} Mbit/s`;
  if (mbps < 9.95) return `${mbps.toFixed(1)} Mbit/s`;
  if (mbps < 999.5) return `${Math.round(mbps)} Mbit/s`;
  return `${(mbps / 1000).toFixed(mbps < 9_950 ? 1 : 0)} Gbit/s`;
}

/** A share from 0 to 1 as a percentage: `31 %`, `0.4 %`. */
export function shareText(share: number): string {
  const percent = 100 * share;
  return `${percent < 9.95 && !Number.isInteger(percent) ? percent.toFixed(1) : Math.round(percent)} %`;
}
