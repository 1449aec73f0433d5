import { Directory } from './directory.ts';
import { FilterList } from './filter.ts';
import { settingsOf, type MapperOptions, type MapperSettings } from './mapper-options.ts';
import { Timeline } from './timeline.ts';
import { TrackBook } from './track-book.ts';

/** What a mapper has learnt: observing and merging add to it, maps are drawn from it. */
export interface Knowledge {
  readonly settings: MapperSettings;
  /** Names that people gave. */
  readonly names: Map<string, string>;
  readonly directory: Directory;
  readonly book: TrackBook;
  readonly timeline: Timeline;
  readonly filters: FilterList;
}

/**
 * @param onSwept told after services, listeners or hosts were forgotten
 * @throws RangeError naming the option when one is out of range
 */
export function emptyKnowledge(options: MapperOptions, onSwept: () => void): Knowledge {
  const settings = settingsOf(options);
  const { limits, foldClients, foldReplicas, bucketMs, retentionMs, aheadMs } = settings;
  const names = new Map(Object.entries(options.names ?? {}));
  const directory = new Directory({
    limits,
    foldClients,
    foldReplicas,
    nameOf: (place) => names.get(place),
    namesPorts: () => names.size > 0,
  });
  const book = new TrackBook(limits.dependencies);
  const timeline = new Timeline({
    bucketMs,
    retentionMs,
    aheadMs,
    onDropped: (tracks) => book.release(tracks),
    onSwept: (oldestMs) => {
      directory.sweep(oldestMs);
      onSwept();
    },
  });
  return { settings, names, directory, book, timeline, filters: new FilterList(settings.filters) };
}
