import type { Half } from './half.ts';
import { kinds, type SpanKind } from './span.ts';

/** What becomes of spans: told as soon as it is known. */
export interface PairSink {
  /** Both ends of one request. */
  pair(caller: Half, callee: Half): void;
  /** A request of which only the caller's span came, or whose callee writes none. */
  caller(half: Half): void;
  /** A request of which only the callee's span came, or whose caller writes none. */
  callee(half: Half): void;
  /** A span whose parent is another service's, although their kinds do not say that one called the other. */
  kin(parent: Half, child: Half): void;
}

export interface PairLimits {
  /** How long a span waits for the other end, milliseconds. */
  waitMs: number;
  /** How many spans are remembered at one time. */
  spans: number;
}

interface Seen {
  half: Half;
  atMs: number;
  /** The other end has come, or none is waited for. */
  isDone: boolean;
  /** As it waits for those that may have caused it. */
  waiter: Waiter;
  /** What the other end was that came under the same id. */
  other?: SpanKind;
  /** Services whose spans are children of this one without saying that they were called. */
  kin?: Set<string>;
}

interface Waiter {
  half: Half;
  /** Under how many parents it still waits. */
  open: number;
  isDone: boolean;
  /** Its caller has come under its own id: its parent is its caller's. */
  hasCaller?: boolean;
}

interface Waiting {
  atMs: number;
  waiters: Waiter[];
}

const isCaller = (half: Half) => half.kind === kinds.client || half.kind === kinds.producer;
const isCallee = (half: Half) => half.kind === kinds.server || half.kind === kinds.consumer;

/**
 * Joins the spans of the two ends of a request as they come, in any order: a caller's by its own id, a callee's by its
 * parent's (and a consumer's by its links). What finds nothing within the time is told alone. Reads no clock: every call
 * says what time it is.
 */
export class PairTable {
  readonly #limits: PairLimits;
  readonly #sink: PairSink;
  /** By own key, and by the key of a parent: the oldest first, since all wait equally long. */
  readonly #seen = new Map<string, Seen>();
  readonly #waiting = new Map<string, Waiting>();
  #waiters = 0;
  #crowdedOut = 0;

  constructor(limits: PairLimits, sink: PairSink) {
    this.#limits = limits;
    this.#sink = sink;
  }

  /** Spans that are remembered now. */
  get size(): number {
    return this.#seen.size + this.#waiters;
  }

  /** Spans that gave way before their time, since there were too many. */
  get crowdedOut(): number {
    return this.#crowdedOut;
  }

  /** Takes a span. `false`: it has been here before. */
  add(half: Half, nowMs: number): boolean {
    const before = this.#seen.get(half.key);
    if (before === undefined) this.#addFirst(half, nowMs);
    else if (before.half.kind === half.kind || before.other === half.kind) return false;
    else this.#addOther(before, half, nowMs);
    while (this.size > this.#limits.spans) this.#dropOldest();
    return true;
  }

  /** Tells what has waited long enough. */
  sweep(nowMs: number): void {
    const oldMs = nowMs - this.#limits.waitMs;
    for (const [key, seen] of this.#seen) {
      if (seen.atMs > oldMs) break;
      this.#dropSeen(key, seen);
    }
    for (const [key, waiting] of this.#waiting) {
      if (waiting.atMs > oldMs) break;
      this.#dropWaiting(key, waiting);
    }
  }

  /** Tells everything that is left. */
  flush(): void {
    this.sweep(Infinity);
  }

  #addFirst(half: Half, nowMs: number): void {
    const waiter = { half, open: 0, isDone: !isCallee(half) };
    const seen: Seen = { half, atMs: nowMs, isDone: !isCaller(half) || half.isDatabase, waiter };
    this.#seen.set(half.key, seen);
    if (half.isDatabase) this.#sink.caller(half);
    this.#findChildren(seen);
    this.#findParents(waiter, nowMs);
  }

  /** Zipkin's way: both ends of a request under one id. What was told of the first, by parent or child, is not told again. */
  #addOther(before: Seen, half: Half, nowMs: number): void {
    const { waiter } = before;
    if (isCaller(before.half) && isCallee(half)) {
      if (!before.isDone) this.#meet(before, { half, open: 0, isDone: false });
      before.kin = new Set(before.kin).add(half.sender.identity);
    } else if (isCallee(before.half) && isCaller(half)) {
      if (!waiter.isDone) this.#sink.pair(half, waiter.half);
      waiter.isDone = true;
      waiter.hasCaller = true;
      this.#findParents({ half, open: 0, isDone: true }, nowMs);
    } else return;
    before.other = half.kind;
  }

  #findChildren(seen: Seen): void {
    const waiting = this.#waiting.get(seen.half.key);
    if (waiting === undefined) return;
    this.#waiting.delete(seen.half.key);
    this.#waiters -= waiting.waiters.length;
    for (const waiter of waiting.waiters) {
      waiter.open--;
      this.#meet(seen, waiter);
    }
  }

  #findParents(waiter: Waiter, nowMs: number): void {
    const { half } = waiter;
    const parents = parentsOf(half);
    // One within its own process is part of a request that another span tells of.
    if (parents.length === 0 && half.parentPlace === 'local') return;
    for (const key of parents) {
      const parent = this.#seen.get(key);
      if (parent !== undefined) this.#meet(parent, waiter);
      else this.#wait(key, waiter, nowMs);
    }
    if (waiter.open === 0) this.#giveUp(waiter);
  }

  #wait(key: string, waiter: Waiter, nowMs: number): void {
    let waiting = this.#waiting.get(key);
    if (waiting === undefined) this.#waiting.set(key, (waiting = { atMs: nowMs, waiters: [] }));
    waiting.waiters.push(waiter);
    waiter.open++;
    this.#waiters++;
  }

  /** Says what a span and its parent are to each other. */
  #meet(parent: Seen, waiter: Waiter): void {
    const child = waiter.half;
    if (waiter.hasCaller === true) return;
    if (isCaller(parent.half) && isCallee(child)) {
      parent.isDone = true;
      waiter.isDone = true;
      this.#sink.pair(parent.half, child);
      return;
    }
    const { identity } = child.sender;
    // Two spans of one process, one within the other.
    if (parent.half.sender.identity === identity) {
      waiter.isDone = true;
      return;
    }
    // Siblings within the called service are one request, as far as can be told; each span of a callee is one.
    if (!isCallee(child)) {
      parent.kin ??= new Set();
      if (parent.kin.has(identity)) return;
      parent.kin.add(identity);
    }
    parent.isDone = true;
    waiter.isDone = true;
    this.#sink.kin(parent.half, child);
  }

  #dropOldest(): void {
    this.#crowdedOut++;
    const [seen] = this.#seen;
    const [waiting] = this.#waiting;
    if (waiting !== undefined && (seen === undefined || waiting[1].atMs <= seen[1].atMs))
      this.#dropWaiting(...waiting);
    else if (seen !== undefined) this.#dropSeen(...seen);
  }

  #dropSeen(key: string, seen: Seen): void {
    this.#seen.delete(key);
    if (!seen.isDone) this.#sink.caller(seen.half);
  }

  #dropWaiting(key: string, { waiters }: Waiting): void {
    this.#waiting.delete(key);
    this.#waiters -= waiters.length;
    for (const waiter of waiters) {
      waiter.open--;
      if (waiter.open === 0) this.#giveUp(waiter);
    }
  }

  #giveUp(waiter: Waiter): void {
    if (!waiter.isDone) this.#sink.callee(waiter.half);
    waiter.isDone = true;
  }
}

/** Whose spans may have caused this one, in another process as far as is known. */
function parentsOf(half: Half): string[] {
  const parent = half.parentKey === '' || half.parentPlace === 'local' ? [] : [half.parentKey];
  return half.kind === kinds.consumer ? [...new Set([...parent, ...half.links])] : parent;
}
