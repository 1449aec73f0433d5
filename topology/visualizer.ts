import { asciiMap } from './ascii-map.ts';
import { dotGraph, type DotOptions } from './dot.ts';
import { htmlTables } from './html.ts';
import { markdownReport } from './markdown.ts';
import type { TopologyMap } from './topology-map.ts';

/** A map as text of several kinds. Names from outside cannot break out of any of them. */
export class TopologyVisualizer {
  readonly #map: TopologyMap;

  constructor(map: TopologyMap) {
    this.#map = map;
  }

  /** For a terminal. */
  generateAsciiMap(): string {
    return asciiMap(this.#map);
  }

  /** For Graphviz. */
  generateDotGraph(options: DotOptions = {}): string {
    return dotGraph(this.#map, options);
  }

  /** Two tables for a report in Markdown. */
  generateMarkdown(): string {
    return markdownReport(this.#map);
  }

  /** Two tables to be put into a page; no scripts, no styles. */
  generateHtml(): string {
    return htmlTables(this.#map);
  }

  /** JSON, indented by 2, times as ISO 8601 in UTC. */
  exportJson(): string {
    return this.#map.toJson();
  }
}
