import { tokensOf } from './name.ts';

/** Traffic of a kind that people rarely want to see in the graph. It is counted apart, and shown when asked for. */
export interface TrafficFilter {
  /** Such as `health_check`. */
  name: string;
  /** Requests whose path ends in one of these words (lower case; `_` around it, a query and a last `/` do not count). */
  lastWords?: readonly string[];
  /** Whether a request for this path is of this kind, where the last word is not enough. Costs time. */
  path?: (path: string) => boolean;
  /** Whether everything that this caller sends is of this kind; asked once for a caller. */
  caller?: (name: string) => boolean;
}

/** Requests for `/health`, `/readyz`, `/actuator/health/liveness` and the like, and gRPC's health service. */
export const healthChecks: TrafficFilter = {
  name: 'health_check',
  lastWords: [
    ...['health', 'healthz', 'healthcheck', 'health-check', 'health_check', 'ready', 'readyz', 'readiness'],
    ...['live', 'livez', 'liveness', 'ping', 'heartbeat'],
  ],
};

const scrapers = ['prometheus', 'vmagent', 'telegraf', 'blackbox', 'netring'];

/** Scrapes of metrics, and whatever a scraper or a prober sends. */
export const monitoring: TrafficFilter = {
  name: 'monitoring',
  lastWords: ['metrics', 'federate', 'prometheus'],
  caller: (name) => {
    const tokens = tokensOf(name);
    return scrapers.some((scraper) => tokens.has(scraper));
  },
};

export const defaultFilters: readonly TrafficFilter[] = [healthChecks, monitoring];

/** Filters known to one mapper, its own and those that buckets of others name. 0 stands for no filter. */
export const mostFilters = 16;
/** Longer paths nobody asks for every few seconds. */
const longestPath = 64;
const mostKnownPaths = 1024;
const [slash, underscore] = [0x2f, 0x5f];

/** Filters by number, counted from 1. */
export class FilterList {
  readonly #filters: TrafficFilter[] = [];
  readonly #words = new Map<string, number>();
  /** Whether a word may begin with a letter of that code (its lower seven bits): most paths need no second look. */
  readonly #isFirst = new Uint8Array(128);
  readonly #known = new Map<string, number>();
  readonly #last = { path: '', filter: 0 };
  #asksPaths = false;

  constructor(filters: readonly TrafficFilter[]) {
    for (const one of filters) this.#add(one);
  }

  name(filter: number): string | undefined {
    return this.#filters[filter - 1]?.name;
  }

  /**
   * The number of a filter by its name. One that another reporter has and we have not is added: hidden here as there.
   * When there are too many of them they share the last.
   */
  number(name: string | undefined): number {
    if (name === undefined) return 0;
    const known = this.#filters.findIndex((one) => one.name === name);
    if (known >= 0) return known + 1;
    if (this.#filters.length < mostFilters - 1) this.#add({ name });
    return this.#filters.length;
  }

  /** The filter that a path falls under; 0 for none. */
  ofPath(path: string): number {
    // A proxy's request is two observations: of who asked it, and of whom it asked.
    if (path === this.#last.path && path.length > 0) return this.#last.filter;
    const filter = this.#found(path);
    this.#last.path = path;
    this.#last.filter = filter;
    return filter;
  }

  #found(path: string): number {
    // For most paths that is all, and less than asking what is known.
    if (!this.#asksPaths && !this.#mayEndInWord(path)) return 0;
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const filter = this.#lookAt(path);
    // The first ones are mostly the usual ones. Forgetting some for others would cost more than it saves.
    if (this.#known.size < mostKnownPaths && path.length <= longestPath) this.#known.set(path, filter);
    return filter;
  }

  #mayEndInWord(path: string): boolean {
    if (path.length > longestPath) return false;
    const at = lastWordAt(path);
    return at < path.length && this.#isFirst[path.charCodeAt(at) & 0x7f] === 1;
  }

  #lookAt(path: string): number {
    if (this.#mayEndInWord(path)) {
      const filter = this.#words.get(lastWord(path));
      if (filter !== undefined) return filter;
    }
    return this.#asksPaths ? this.#filters.findIndex((one) => one.path?.(path) === true) + 1 : 0;
  }

  ofCaller(name: string): number {
    return this.#filters.findIndex((one) => one.caller?.(name) === true) + 1;
  }

  #add(filter: TrafficFilter): void {
    const number = this.#filters.push(filter);
    this.#known.clear();
    this.#last.path = '';
    this.#asksPaths ||= filter.path !== undefined;
    for (const word of filter.lastWords ?? []) {
      if (!this.#words.has(word)) this.#words.set(word, number);
      for (const one of [word, word.toUpperCase()]) this.#isFirst[one.charCodeAt(0) & 0x7f] = 1;
    }
  }
}

/** Where the last segment of a path begins, `_` before it and one `/` at the end left out. */
function lastWordAt(path: string): number {
  let at = path.length - 2;
  while (at >= 0 && path.charCodeAt(at) !== slash) at--;
  do at++;
  while (at < path.length && path.charCodeAt(at) === underscore);
  return at;
}

function lastWord(path: string): string {
  const query = path.indexOf('?');
  const plain = query < 0 ? path : path.slice(0, query);
  let end = plain.length;
  if (plain.charCodeAt(end - 1) === slash) end--;
  while (plain.charCodeAt(end - 1) === underscore) end--;
  return plain.slice(lastWordAt(plain), end).toLowerCase();
}
