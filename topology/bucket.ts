import { emptyRow, rowLength } from './cell.ts';
import { LatencyBlock } from './latency-block.ts';
import type { Track } from './entries.ts';

/** One stretch of time as one reporter saw it: a row of numbers and a latency histogram for every track seen in it. */
export class Bucket {
  readonly startMs: number;
  /** Small and different for every bucket of a timeline. */
  readonly serial: number;
  readonly tracks: Track[] = [];
  readonly latencies = new LatencyBlock();
  /** Rows as `cell.ts` describes them, one a slot. */
  rows = new Float64Array(rowLength * 8);
  /**
   * Observations taken, each counted with its weight, one without weight as one. Only grows, so of two states the
   * greater is the newer one.
   */
  observations = 0;
  readonly #slots = new Map<Track, number>();

  constructor(startMs: number, serial: number) {
    this.startMs = startMs;
    this.serial = serial;
  }

  /** Where the row of a track begins is its slot times {@link rowLength}. */
  slotOf(track: Track): number {
    const known = this.#slots.get(track);
    if (known !== undefined) return known;
    const slot = this.tracks.push(track) - 1;
    this.#slots.set(track, slot);
    track.cells++;
    this.#makeRoom(slot);
    emptyRow(this.rows, slot * rowLength);
    return slot;
  }

  /** Gives back room that it no longer needs; it may grow again. */
  seal(): void {
    this.latencies.seal(this.tracks.length);
    const used = this.tracks.length * rowLength;
    if (this.rows.length > used) this.rows = this.rows.slice(0, used);
  }

  #makeRoom(slot: number): void {
    const needed = (slot + 1) * rowLength;
    if (needed <= this.rows.length) return;
    const wider = new Float64Array(Math.max(needed, Math.ceil(this.rows.length * 1.5)));
    wider.set(this.rows);
    this.rows = wider;
  }
}
