/** The times of a window, as somebody asks for them. */
interface WindowTimes {
  fromMs?: number;
  toMs?: number;
  lastMs?: number;
}

/**
 * Holds a window against what a window can be: an empty map for a slip of the pen would look like a network without traffic.
 *
 * @throws RangeError naming the field, its value and what is allowed
 */
export function checkWindow({ fromMs, toMs, lastMs }: WindowTimes): void {
  for (const [name, value] of Object.entries({ fromMs, toMs, lastMs })) {
    if (value === undefined) continue;
    const isOpen = (name === 'fromMs' && value === -Infinity) || (name === 'toMs' && value === Infinity);
    if (typeof value !== 'number' || Number.isNaN(value) || (value < 0 && !isOpen))
      throw new RangeError(`${name}: ${String(value)} must be a number of milliseconds from 0.`);
  }
  if (lastMs !== undefined && fromMs !== undefined)
    throw new RangeError('lastMs: must not be given together with fromMs.');
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs)
    throw new RangeError(`fromMs: ${fromMs} must not lie after toMs (${toMs}).`);
}
