import type { ServiceEntry, Track } from './entries.ts';
import { mostFilters } from './filter.ts';
import { evidenceIndex, protocolIndex } from './check-observation.ts';
import { evidences, type Evidence } from './observation.ts';
import { protocols, type Protocol } from './protocol.ts';

/** What tells one track from another, besides its source. */
export interface TrackKind {
  source: ServiceEntry;
  target: ServiceEntry;
  protocol: Protocol;
  evidence: Evidence;
  filter: number;
}

/** Which tracks there are. They hang on their sources; this makes, bounds and forgets them. */
export class TrackBook {
  readonly #limit: number;
  #size = 0;
  /** Tracks made since the start: it grows when something is seen that nothing kept speaks of. */
  made = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#size;
  }

  /** The track of that kind, made when there is none; `undefined` when there is no room for it. */
  track(
    source: ServiceEntry,
    target: ServiceEntry,
    protocol: Protocol,
    evidence: Evidence,
    filter: number,
    atMs: number,
  ): Track | undefined {
    const key = trackKey(target, protocol, evidence, filter);
    const known = source.out.get(key);
    if (known !== undefined) return known;
    if (this.#size >= this.#limit) return undefined;
    // What every observation reads comes first, in one line of the processor's cache.
    const made: Track = {
      slot: 0,
      bucketSerial: -1,
      filter,
      source,
      target,
      protocol,
      evidence,
      key,
      cells: 0,
      firstSeenMs: atMs,
    };
    source.out.set(key, made);
    source.tracks++;
    target.tracks++;
    this.#size++;
    this.made++;
    return made;
  }

  /** One bucket less holds something of these; those that none holds are forgotten. */
  release(tracks: readonly Track[]): void {
    for (const track of tracks) {
      if (--track.cells > 0) continue;
      track.source.out.delete(track.key);
      track.source.tracks--;
      track.target.tracks--;
      this.#size--;
    }
  }
}

function trackKey(target: ServiceEntry, protocol: Protocol, evidence: Evidence, filter: number): number {
  const kind =
    (protocolIndex.get(protocol) as number) * evidences.length + (evidenceIndex.get(evidence) as number);
  return (target.index * protocols.length * evidences.length + kind) * mostFilters + filter;
}
