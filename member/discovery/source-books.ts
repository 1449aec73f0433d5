import type { SourceHealth } from '@netring/contract/inventory';
import type { SourceBook } from './collector.ts';

/** As many as the contract takes. */
const mostBooks = 256;
/** Reasons that are told apart; further ones are `other`. */
const mostReasons = 32;
const mostLosses = 16;
const [longestName, longestReason, longestLoss] = [300, 500, 300];

/** The books of all sources. */
export interface SourceBooks {
  open: (kind: SourceHealth['kind'], name: string) => SourceBook;
  /** @param wallMs the wall clock, which the sources' times are on */
  health: (wallMs: number) => SourceHealth[];
}

interface Book {
  kind: SourceHealth['kind'];
  name: string;
  state: SourceHealth['state'];
  reason: string | undefined;
  newestMs: number;
  taken: number;
  rejected: Map<string, number>;
  losses: readonly string[];
}

/** @param onChange called when a source stands otherwise than before; not for what is only counted */
export function createSourceBooks(onChange: () => void): SourceBooks {
  const books = new Set<Book>();
  return {
    open(kind, name) {
      const book: Book = {
        kind,
        name: printable(name, longestName) || 'unnamed',
        state: 'ok',
        reason: undefined,
        newestMs: -Infinity,
        taken: 0,
        rejected: new Map(),
        losses: [],
      };
      books.add(book);
      onChange();
      return {
        taken(count, atMs) {
          book.taken += count;
          if (atMs > book.newestMs) book.newestMs = atMs;
        },
        rejected(reason, count = 1) {
          const short = printable(reason, 64) || 'other';
          const name = book.rejected.has(short) || book.rejected.size < mostReasons ? short : 'other';
          book.rejected.set(name, (book.rejected.get(name) ?? 0) + count);
        },
        state(state, reason) {
          const said = reason === undefined ? undefined : printable(reason, longestReason);
          if (book.state === state && book.reason === said) return;
          book.state = state;
          book.reason = said;
          onChange();
        },
        losses(sentences) {
          const said = sentences.slice(0, mostLosses).map((one) => printable(one, longestLoss));
          if (said.join('\n') === book.losses.join('\n')) return;
          book.losses = said;
          onChange();
        },
        close() {
          if (books.delete(book)) onChange();
        },
      };
    },
    health: (wallMs) => [...books].slice(0, mostBooks).map((book) => healthOf(book, wallMs)),
  };
}

function healthOf(book: Book, wallMs: number): SourceHealth {
  const { kind, name, state, reason, newestMs, taken, rejected, losses } = book;
  return {
    kind,
    name,
    state,
    ...(reason === undefined ? {} : { reason }),
    ...(newestMs === -Infinity ? {} : { age_ms: Math.max(0, wallMs - newestMs) }),
    taken,
    rejected: Object.fromEntries(rejected),
    losses: [...losses],
  };
}

/** As the contract takes it: no control characters, no white space around it, and not too long. */
function printable(text: string, longest: number): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .trim()
    .slice(0, longest)
    .trim();
}
