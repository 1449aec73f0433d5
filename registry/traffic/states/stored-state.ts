import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { TrafficSignals } from '@netring/contract/traffic';
import type { TrafficBucket } from '@netring/topology';

/** What a member saw in one bucket so far, with its place on the store's clock. */
export interface StoredState {
  member: string;
  boot: string;
  n: number;
  revision: number;
  /** Of the member's clock; see `MemberClocks`. */
  offsetMs: number;
  /** Where the bucket begins, epoch milliseconds on the grid. */
  startMs: number;
  receivedMs: number;
  /** Its times are the member's; `start_ms` there is `startMs` here. */
  bucket: TrafficBucket;
  signals: readonly TrafficSignals[];
  /** Dependencies that found no room. */
  more: number;
}

/** How long a state is kept in the store, milliseconds: members catch up with a quarter of an hour at most. */
export const statesKeptMs = 15 * 60_000;
const minuteMs = 60_000;

/** States of one minute are one group, so that the minute is summed up from one reading, and goes as a whole. */
export function statesGroup(startMs: number): string {
  return `traffic:${Math.floor(startMs / minuteMs)}`;
}

export const statesTtlMs = statesKeptMs + 5 * minuteMs;

export function stateKey({ member, boot, n }: Pick<StoredState, 'member' | 'boot' | 'n'>): string {
  return `${n} ${boot} ${member}`;
}

export function orderKey(state: Pick<StoredState, 'member' | 'boot' | 'n'>): string {
  return `order ${stateKey(state)}`;
}

export function isOrderKey(key: string): boolean {
  return key.startsWith('order ');
}

/** A line of JSON with what is needed to place it, then the rest, deflated. */
export function encodeState({ bucket, signals, ...head }: StoredState): Buffer {
  const body = deflateRawSync(JSON.stringify({ bucket, signals }), { level: 1 });
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), body]);
}

export function decodeHead(value: Buffer): Omit<StoredState, 'bucket' | 'signals'> {
  return JSON.parse(value.toString('utf8', 0, value.indexOf(10))) as Omit<StoredState, 'bucket' | 'signals'>;
}

export function decodeState(value: Buffer): StoredState {
  const body = inflateRawSync(value.subarray(value.indexOf(10) + 1));
  return {
    ...decodeHead(value),
    ...(JSON.parse(body.toString('utf8')) as Pick<StoredState, 'bucket' | 'signals'>),
  };
}
