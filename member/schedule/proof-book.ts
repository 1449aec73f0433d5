import type { PlanMember } from '@netring/contract/plan-answer';
import { provesAddress, type SignedAnswer } from '@netring/contract/proof';

/** One question per address and minute at most, until it answers. */
export const askAgainMs = 60_000;

/** Which addresses have answered the address proof. */
export interface ProofBook {
  /** Whether `member` may be probed: its address is proved, by its own answer or one that came with the plan. */
  isProved(member: PlanMember): boolean;
  /** Those of `members` that may be asked now; they count as asked from here on. */
  toAsk(members: readonly PlanMember[], nowMs: number): PlanMember[];
  /** Takes an answer to a question of this member's own; false when it proves nothing. */
  take(member: PlanMember, answer: SignedAnswer): boolean;
  /** Forgets every address that is not among `members`. */
  keepOnly(members: readonly PlanMember[]): void;
  /** A new list has come: a registry that lost the proof of an address is told again. */
  listed(members: readonly PlanMember[]): void;
  /** Answers gained here that the registry has not been told of; told ones are given back with `told`. */
  untold(limit: number): SignedAnswer[];
  told(answers: readonly SignedAnswer[]): void;
}

/** @param tokens the join tokens accepted, the current one first; none: proofs are not asked for */
export function createProofBook(tokens: readonly string[]): ProofBook {
  const proved = new Map<string, SignedAnswer>();
  const asked = new Map<string, number>();
  let gained: SignedAnswer[] = [];
  const holds = (member: PlanMember, answer: SignedAnswer) =>
    tokens.some((token) => provesAddress(token, member, answer));

  const isProved = (member: PlanMember) => {
    if (tokens.length === 0) return true;
    const claim = claimText(member);
    if (proved.has(claim)) return true;
    if (member.proof === undefined || !holds(member, member.proof)) return false;
    proved.set(claim, member.proof);
    return true;
  };
  return {
    isProved,
    toAsk(members, nowMs) {
      const due = members.filter((member) => {
        return !isProved(member) && nowMs - (asked.get(claimText(member)) ?? -Infinity) >= askAgainMs;
      });
      for (const member of due) asked.set(claimText(member), nowMs);
      return due;
    },
    take(member, answer) {
      if (!holds(member, answer)) return false;
      proved.set(claimText(member), answer);
      gained.push(answer);
      return true;
    },
    keepOnly(members) {
      const claims = new Set(members.map(claimText));
      for (const claim of proved.keys()) if (!claims.has(claim)) proved.delete(claim);
      for (const claim of asked.keys()) if (!claims.has(claim)) asked.delete(claim);
      gained = gained.filter((answer) => claims.has(claimText(answer)));
    },
    listed(members) {
      const lost = members.flatMap((member) => {
        const answer = member.proof === undefined ? proved.get(claimText(member)) : undefined;
        return answer === undefined || gained.includes(answer) ? [] : [answer];
      });
      gained = [...gained, ...lost];
    },
    untold: (limit) => gained.slice(0, limit),
    told(answers) {
      gained = gained.filter((answer) => !answers.includes(answer));
    },
  };
}

function claimText({ instance_id, ip, port }: Pick<PlanMember, 'instance_id' | 'ip' | 'port'>): string {
  return JSON.stringify([instance_id, ip, port]);
}
