import type { Outcome, Result } from '@netring/contract/result';
import { createDirectory, type Directory, type MemberRecord } from '../membership/index.ts';
import { createPathBook, type PathBook } from './path-book.ts';
import { createPicture, type Picture } from './picture.ts';

/** What of a result is not as usual. */
export interface Measured {
  failed?: number;
  sent?: number;
  lost?: number;
  kind?: 'tcp' | 'icmp';
}

/** A picture whose members and results a test makes up. */
export interface SimulatedPicture {
  directory: Directory;
  book: PathBook;
  picture: Picture;
  member: (id: string, location: string, change?: Partial<MemberRecord>) => void;
  /** One result, complete as its report came. */
  saw: (source: string, target: string, outcome: Outcome, atMs: number, measured?: Measured) => void;
}

export function simulatedPicture(): SimulatedPicture {
  const directory = createDirectory(300_000, true);
  const book = createPathBook();
  let seq = 0;
  return {
    directory,
    book,
    picture: createPicture(directory, book, true),
    member(id, location, change = {}) {
      const record: MemberRecord = {
        instance_id: id,
        location,
        ip: '192.0.2.1',
        port: 1,
        registered_at_ms: 0,
        heartbeat_interval_ms: 15_000,
        check_interval_ms: 5_000,
        external_targets: [],
        registered_from: '192.0.2.1',
        proof: { instance_id: id, ip: '192.0.2.1', port: 1, nonce: '', mac: '' },
        ...change,
      };
      void directory.apply([{ kind: 'member', record } as never], undefined as never);
    },
    saw(source, target, outcome, atMs, { kind = 'tcp', ...more } = {}) {
      const n = Math.floor(atMs / 10_000);
      const time = { id: source, boot: 'b', n, seq: seq++, startedMs: 0, sentMs: 2_000, receivedMs: atMs };
      const totals = {
        target,
        checks: 1,
        failed: 0,
        voided: 0,
        sent: 1,
        lost: 0,
        latency: [100, 1],
        ...more,
      };
      const last: Result =
        kind === 'tcp'
          ? { kind, outcome, ended_ms: 2_000 }
          : { kind, outcome, ended_ms: 2_000, sent: 1, received: 1 };
      book.take(time, { ...totals, last });
    },
  };
}
