import type { MemberView } from '@netring/contract/member';
import { textTable } from './text-table.ts';

const headings = ['LOCATION', 'MEMBER', 'ADDRESS', 'STATUS', 'PEERS', 'SEEN', 'VERSION'];

/** The members as people read them, by location; `nowS` is the registry's clock, in epoch seconds. */
export function memberTable(members: readonly MemberView[], nowS: number): string {
  if (members.length === 0) return 'No members.';
  const sorted = [...members].sort(
    (a, b) => compare(a.location, b.location) || compare(a.instance_id, b.instance_id),
  );
  return textTable(
    headings,
    sorted.map((one) => [
      one.location,
      one.instance_id,
      one.ip.includes(':') ? `[${one.ip}]:${one.port}` : `${one.ip}:${one.port}`,
      one.proved ? one.status : `${one.status}, unproved`,
      one.peers,
      `${describeAge(nowS - one.last_seen)} ago`,
      one.version ?? '',
    ]),
  );
}

/** `4 s`, `3 min`, `5 h`, `2 d`: one unit, rounded down, never below zero. */
export function describeAge(seconds: number): string {
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
  ] as const;
  const fitting = units.find(([size]) => seconds >= size);
  return fitting === undefined
    ? `${Math.max(0, Math.floor(seconds))} s`
    : `${Math.floor(seconds / fitting[0])} ${fitting[1]}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
