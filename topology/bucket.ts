import { emptyRow, rowLength } from './cell.ts';
import { LatencyBlock } from './latency-block.ts';
import type { Track } from './entries.ts';

/** One stretch of time as one reporter saw it: a row of numbers and a latency histogram for every track seen in it. */
export class Bucket {
  readonly startMs: number;
  /** Small and different for every bucket of our own; negative for what others reported. */
  readonly serial: number;
  readonly tracks: Track[] = [];
  readonly latencies: LatencyBlock;
  /** Rows as `cell.ts` describes them, one a slot. */
  rows: Float64Array;
  /**
   * Observations taken, each counted with its weight, one without weight as one. Only grows, so of two states the
   * greater is the newer one.
   */
  observations = 0;
  readonly #slots = new Map<Track, number>();

  /** @param expected tracks that there will be, as far as anybody can tell: room for them is made at once */
  constructor(startMs: number, serial: number, expected = 8) {
    this.startMs = startMs;
    this.serial = serial;
    this.rows = new Float64Array(rowLength * expected);
    this.latencies = new LatencyBlock(expected);
  }

  /** Where the row of a track begins is its slot times {@link rowLength}. */
  slotOf(track: Track): number {
    if (track.bucketSerial === this.serial) return track.slot;
    const slot = this.#slots.get(track) ?? this.#newSlot(track);
    // Only serials of our own buckets differ from each other.
    if (this.serial >= 0) [track.bucketSerial, track.slot] = [this.serial, slot];
    return slot;
  }

  /** Gives back room that it no longer needs; it may grow again. */
  seal(): void {
    this.latencies.seal(this.tracks.length);
    const used = this.tracks.length * rowLength;
    if (this.rows.length > used) this.rows = this.rows.slice(0, used);
  }

  #newSlot(track: Track): number {
    const slot = this.tracks.push(track) - 1;
    this.#slots.set(track, slot);
    track.cells++;
    this.#makeRoom(slot);
    emptyRow(this.rows, slot * rowLength);
    return slot;
  }

  #makeRoom(slot: number): void {
    const needed = (slot + 1) * rowLength;
    if (needed <= this.rows.length) return;
    const wider = new Float64Array(Math.max(needed, Math.ceil(this.rows.length * 1.5)));
    wider.set(this.rows);
    this.rows = wider;
  }
}
