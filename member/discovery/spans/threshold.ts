/** Sampling decides on 56 bits. */
const bits = 56n;
/** One in a million is rarer than anybody samples; beyond it one span would drown what all others say. */
const greatestWeight = 1e6;

/**
 * How many spans a sampled one stands for, by the rejection threshold that consistent sampling writes into `tracestate`
 * (`ot=th:c` is 4). A threshold T of 56 bits, trailing zeros left out, keeps a share of (2^56 − T) / 2^56; the count is
 * its inverse (OpenTelemetry, "TraceState: Probability Sampling"). 1 where nothing is said, `undefined` where what is
 * said is no threshold.
 */
export function sampledWeight(traceState: string): number | undefined {
  if (traceState === '') return 1;
  const own = traceState.split(',').find((member) => member.trim().startsWith('ot='));
  const field = own
    ?.trim()
    .slice(3)
    .split(';')
    .find((one) => one.startsWith('th:'));
  if (field === undefined) return 1;
  const digits = field.slice(3);
  if (!/^[0-9a-f]{1,14}$/.test(digits)) return undefined;
  const kept = (1n << bits) - BigInt(`0x${digits.padEnd(14, '0')}`);
  const weight = 2 ** Number(bits) / Number(kept);
  return weight <= greatestWeight ? weight : undefined;
}
