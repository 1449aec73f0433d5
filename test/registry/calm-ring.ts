import { expect, vi } from 'vitest';
import { call, type Answer, type CallOptions } from './call.ts';
import { startRegistry, type RunningRegistry } from './start-registry.ts';
import { join, lasting, members, overview, type TestMember } from './test-member.ts';

/** A registry with two members that have seen each other, at which wrong input is thrown. */
export interface CalmRing {
  registry: RunningRegistry;
  ann: TestMember;
  bob: TestMember;
  post(
    path: string,
    body: CallOptions['body'],
    bearer?: string,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** Fails unless everything that others see is as it was in the beginning; whoever came must have left. */
  expectUndisturbed(): Promise<void>;
}

export async function startCalmRing(): Promise<CalmRing> {
  const registry = await startRegistry();
  const ann = await join(registry.url, 'ann', { location: 'us1', port: 1001 });
  const bob = await join(registry.url, 'bob', { location: 'eu1', port: 1002 });
  await ann.report({ bob: 'ok' });
  await bob.report({ ann: 'ok' });
  await vi.waitFor(async () => expect((await overview(registry.url)).coverage.measured).toBe(2), 60_000);
  const before = await picture(registry.url);
  return {
    registry,
    ann,
    bob,
    post: (path, body, bearer, headers = {}) =>
      call(registry.url, path, { method: 'POST', body, bearer, headers }),
    async expectUndisturbed() {
      for (const one of [ann, bob]) await one.heartbeat();
      await vi.waitFor(async () => expect(await picture(registry.url)).toEqual(before), 60_000);
    },
  };
}

/** What others see, apart from what passes by itself and from members that said goodbye. */
async function picture(url: string) {
  const { location_paths, coverage, log_id: _, ...rest } = await overview(url);
  const { planned, measured } = coverage;
  const paths = location_paths.map(({ source, target, state, reasons, paths }) => ({
    source,
    target,
    state,
    reasons,
    paths,
  }));
  return {
    members: lasting(await members(url)).filter(stays),
    seen: lasting(rest.members).filter(stays),
    paths,
    planned,
    measured,
  };
}

const stays = ({ status }: { status: string }) => status !== 'deregistered';

/** The whole answer: nothing stands in it but this. */
export function expectRefused(
  answer: Answer,
  status: number,
  error: { code: string; message: string; field?: string },
): void {
  expect({ status: answer.status, body: answer.json }).toEqual({ status, body: { error } });
}

/** What is told of a field that is not as it should be. */
export const invalid = (field: string, message: string) => ({
  code: 'invalid_field',
  message: `${field}: ${message}`,
  field,
});
