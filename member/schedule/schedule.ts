import { setTimeout as wait } from 'node:timers/promises';
import type { ExternalTarget } from '@netring/contract/member';
import type { RingTls } from '@netring/service/ring-tls';
import type { PlanAnswer, PlanMember, PlanVersion } from '@netring/contract/plan-answer';
import { askAddress } from './ask-address.ts';
import { externalCheck, memberChecks, plannedMembers, type Check, type CheckOptions } from './checks.ts';
import { isGood, listReceived, noMemberList, versionHeard, type MemberList } from './member-list.ts';
import { createProofBook, type ProofBook } from './proof-book.ts';

/** How often the plan is looked at again on its own: for addresses to ask once more, and for its end after an hour. */
const lookAgainMs = 5000;
/** Questions to new addresses are spread over this time, so that a new member is not asked by everybody at once. */
const askWithinMs = 1000;

/** Which checks a member runs, kept current from what the registry says. */
export interface Schedule {
  /** The version of the member list known. */
  version(): string | undefined;
  /** The other members known. */
  othersCount(): number;
  memberCount(): number;
  /** An answer named the current version; true when the list has to be asked for. */
  heard(version: PlanVersion): boolean;
  /** The registry said that the version known is the current one. */
  confirmed(): void;
  received(answer: PlanAnswer): void;
  /** Answers of addresses that this member asked, which the registry is to be told of. */
  proofs: Pick<ProofBook, 'untold' | 'told'>;
  stop(): void;
}

export interface ScheduleNeeds {
  instanceId: string;
  options: CheckOptions;
  externals: readonly ExternalTarget[];
  /** Join tokens accepted; none: addresses are not asked for a proof. */
  tokens: readonly string[];
  /** What members that speak TLS are believed through. */
  tls: Pick<RingTls, 'trust'>;
  now: () => number;
  /** The checks to run from now on. */
  onChecks: (checks: Check[]) => void;
  /** An address was asked and proved nothing; `trouble`: why it was not even believed, continues "because". */
  onUnproved: (member: PlanMember, trouble: string | undefined) => void;
}

export function createSchedule(needs: ScheduleNeeds): Schedule {
  const { now, instanceId } = needs;
  const stopping = new AbortController();
  const book = createProofBook(needs.tokens);
  let list: MemberList = noMemberList;
  let shown = '';

  const update = () => {
    const planned = isGood(list, now())
      ? plannedMembers(list.members, instanceId, list.epoch, list.heaviest)
      : [];
    const members = planned.map(({ member }) => member);
    book.keepOnly(members);
    for (const member of book.toAsk(members, now())) void ask(member);
    const proved = planned.filter(({ member }) => book.isProved(member));
    const checks = needs.options.enabled
      ? [...needs.externals.map(externalCheck), ...proved.flatMap((one) => memberChecks(one, needs.options))]
      : [];
    const signature = JSON.stringify(checks);
    if (signature === shown) return;
    shown = signature;
    needs.onChecks(checks);
  };
  const ask = async (member: PlanMember) => {
    try {
      await wait(Math.random() * askWithinMs, undefined, { signal: stopping.signal });
    } catch {
      return;
    }
    if (book.isProved(member)) return update();
    const { answer, trouble } = await askAddress(member, needs.tls, stopping.signal);
    if (stopping.signal.aborted) return;
    if (answer !== undefined && book.take(member, answer)) update();
    else needs.onUnproved(member, trouble);
  };

  const timer = setInterval(update, lookAgainMs);
  update();
  return {
    version: () => list.version,
    othersCount: () => list.members.filter((member) => member.instance_id !== instanceId).length,
    memberCount: () => list.members.length,
    heard(version) {
      list = versionHeard(list, version, now());
      update();
      return version.version !== list.version;
    },
    confirmed() {
      list = { ...list, confirmedMs: now() };
    },
    received(answer) {
      list = listReceived(answer, now());
      book.listed(list.members);
      update();
    },
    proofs: book,
    stop() {
      clearInterval(timer);
      stopping.abort();
    },
  };
}
