import type { LocationPair } from '@netring/contract/plan';
import type { PlanAnswer, PlanMember, PlanVersion } from '@netring/contract/plan-answer';

/** Without a word from the registry the last plan is good for an hour; then this member stops sending, and only answers. */
export const planGoodMs = 3_600_000;

/** The member list that the registry told last, and how far to trust it. */
export interface MemberList {
  version: string | undefined;
  epoch: number;
  members: readonly PlanMember[];
  /** Pairs of locations with the heaviest traffic first. */
  heaviest: readonly LocationPair[];
  /** When the registry last said that this version is the current one; monotonic. */
  confirmedMs: number;
}

export const noMemberList: MemberList = {
  version: undefined,
  epoch: 0,
  members: [],
  heaviest: [],
  confirmedMs: -Infinity,
};

/** The list after the registry answered with a new one. */
export function listReceived(answer: PlanAnswer, nowMs: number): MemberList {
  const { version, epoch, members, heaviest = [] } = answer;
  return { version, epoch, members, heaviest, confirmedMs: nowMs };
}

/** The list after an answer named the current version: confirmed when it is the one known, else to be asked for. */
export function versionHeard(list: MemberList, heard: PlanVersion, nowMs: number): MemberList {
  if (heard.version !== list.version) return list;
  return { ...list, epoch: heard.epoch, confirmedMs: nowMs };
}

/** Whether its members may still be probed. */
export function isGood(list: MemberList, nowMs: number): boolean {
  return nowMs - list.confirmedMs <= planGoodMs;
}

/**
 * How long to wait before asking for a list that is said to have changed: all members hear of it within seconds, and
 * the longer the list, the more of them ask for more.
 */
export function askDelayMs(memberCount: number, random: number): number {
  return random * Math.min(5000, 50 + 5 * memberCount);
}
