import { planFor } from '@netring/contract/plan';
import type { StoreClock } from '../changes/index.ts';
import type { Directory, MemberRecord } from '../membership/index.ts';
import type { Store } from '../store/index.ts';
import { createDesk, type Target } from './desk.ts';
import { createGranter } from './granter.ts';
import { withoutSilent } from './heard.ts';
import { createLeases, type Leases } from './leases.ts';
import { createTests, type Tests } from './tests.ts';

/** The room: leases for tests, and what the tests have found. */
export interface Bandwidth {
  leases: Leases;
  tests: Tests;
}

export interface BandwidthNeeds {
  store: Store;
  directory: Directory;
  clock: StoreClock;
  /** Join tokens, the current one first. */
  tokens: readonly string[];
  /** Where the rotating part of the plan stands. */
  epoch: () => number;
  stillLeads: () => Promise<boolean>;
}

export function createBandwidth(needs: BandwidthNeeds): Bandwidth {
  const { store, directory, clock, tokens } = needs;
  const tests = createTests(store, directory);
  const granter = createGranter({ store, now: () => performance.now(), stillLeads: needs.stillLeads });
  const addressProof = tokens.length > 0;
  const isTestable = (record: MemberRecord) =>
    record.deregistered_at_ms === undefined && (!addressProof || record.proof !== undefined);
  const desk = createDesk({
    granter,
    nowMs: () => clock.nowMs(),
    member: (id) => {
      const record = directory.get(id)?.record;
      return record !== undefined && isTestable(record) ? record : undefined;
    },
    targetsOf: (id) => targetsOf(id, needs, isTestable),
    last: (source, target) => tests.last(source, target),
    lastOfLocations: (source, target) => tests.lastOfLocations(source, target),
    locationCount: () => new Set([...directory.all()].map(({ record }) => record.location)).size,
    token: tokens[0] ?? '',
  });
  return { tests, leases: createLeases(store, granter, desk) };
}

/** Of the plan's targets, those that can be tested to. */
function targetsOf(
  id: string,
  { directory, clock, epoch }: BandwidthNeeds,
  isTestable: (record: MemberRecord) => boolean,
): Target[] {
  const { fixed, rotating } = planFor(directory.planMembers(), id, epoch());
  const targets = [...fixed, ...rotating].flatMap(({ instance_id }) => {
    const record = directory.get(instance_id)?.record;
    return record !== undefined && isTestable(record) ? [record] : [];
  });
  const nowMs = clock.nowMs();
  return withoutSilent(targets, ({ instance_id }) => {
    const known = directory.get(instance_id);
    return known !== undefined && directory.status(known, nowMs, []) === 'online';
  });
}
