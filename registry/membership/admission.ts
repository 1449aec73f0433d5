import type { MemberRecord } from './member-record.ts';

/** So many members may register from one address without any of them having answered the address proof. */
export const unprovedPerAddress = 64;

export type Admission =
  { outcome: 'admitted'; done: () => void } | { outcome: 'refused'; code: string; message: string };

/** Who may register now: bounds the members in all, and the unproved ones of one address. */
export interface Admissions {
  /** Call `done` when the registration has come to an end, taken or not. */
  admit(from: string, known: readonly MemberRecord[], proved: boolean): Admission;
}

/** Registrations under way count as well, so that a thousand at once are not all weighed against an empty list. */
export function createAdmissions(maxMembers: number): Admissions {
  const underWay = new Map<string, number>();
  let allUnderWay = 0;
  return {
    admit(from, known, proved) {
      if (known.length + allUnderWay >= maxMembers) {
        return refused(
          'too_many_members',
          `${maxMembers} members are kept at most: raise NETRING_MAX_MEMBERS`,
        );
      }
      const unproved = known.filter(
        (one) =>
          one.registered_from === from && one.proof === undefined && one.deregistered_at_ms === undefined,
      ).length;
      if (!proved && unproved + (underWay.get(from) ?? 0) >= unprovedPerAddress) {
        return refused(
          'too_many_unproved',
          `${unprovedPerAddress} members from this address wait for their address proof: let others probe them first`,
        );
      }
      underWay.set(from, (underWay.get(from) ?? 0) + 1);
      allUnderWay++;
      return { outcome: 'admitted', done: once(() => release(from)) };
    },
  };

  function release(from: string): void {
    allUnderWay--;
    const left = (underWay.get(from) ?? 1) - 1;
    if (left === 0) underWay.delete(from);
    else underWay.set(from, left);
  }
}

function refused(code: string, message: string): Admission {
  return { outcome: 'refused', code, message };
}

function once(run: () => void): () => void {
  let ran = false;
  return () => {
    if (!ran) run();
    ran = true;
  };
}
