import type { Result } from '@netring/contract/result';
import type { AlertState } from '@netring/registry/alerts/evaluate';
import { createDirectory, type MemberRecord } from '@netring/registry/membership/index';
import { createPathBook, createPicture } from '@netring/registry/paths/index';
import { expect, test } from 'vitest';
import { openOf, watchFor } from './simulated-ring.ts';

const sites = ['ap1', 'eu1', 'sa1', 'us1'];
const resultEveryS = 5;
/** Packets in one result: in a minute that is hurried 204, in a calm one 24. */
const sentIn = { hurried: 17, calm: 2 };
const echoesIn = { hurried: 5, calm: 1 };

/** The same numbers from 0 to 1 at every run. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/**
 * Four sites with a member each, whose results go into the registry's own book of paths: as few packets, and losses as
 * uneven, as they are. What leaves `from` is lost by `share`, and nothing else is.
 */
function lossyRing(from: string, share: number, seed: number) {
  const directory = createDirectory(300_000, true);
  const book = createPathBook();
  const picture = createPicture(directory, book, true);
  const next = numbersFrom(seed);
  for (const site of sites)
    void directory.apply([{ kind: 'member', record: recordOf(site) } as never], undefined as never);
  const lostOf = (packets: number) =>
    Array.from({ length: packets }, next).filter((one) => one < share).length;

  function report(source: string, target: string, nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    const pace = (Math.floor(second / 60) + sites.indexOf(source)) % 2 === 0 ? 'hurried' : 'calm';
    const [sent, echoes] = [sentIn[pace], echoesIn[pace]];
    const isThere = source === from;
    const isLossy = isThere || target === from;
    const lost = isLossy ? lostOf(sent) : 0;
    const counts = {
      received: sent - lost,
      reordered: 0,
      duplicates: 0,
      ended_ms: 0,
      outcome: 'ok',
    } as const;
    const ways = { forward_lost: isThere ? lost : 0, return_lost: isThere ? 0 : lost };
    const noEcho = isLossy ? lostOf(echoes) : 0;
    take({ kind: 'tcp', outcome: 'ok', ended_ms: 0 }, 1, 0);
    take({ kind: 'udp', sent, ...counts, ...ways }, sent, lost);
    take(
      { kind: 'icmp', outcome: 'ok', ended_ms: 0, sent: echoes, received: echoes - noEcho },
      echoes,
      noEcho,
    );

    function take(last: Result, tried: number, missed: number): void {
      const totals = {
        target: `${target}-a`,
        checks: 1,
        failed: 0,
        voided: 0,
        sent: tried,
        lost: missed,
        latency: [100, 1],
        last,
      };
      // A bucket of its own for each result.
      const n = Math.floor(second / resultEveryS);
      const time = { id: `${source}-a`, boot: 'b', n, seq: n, startedMs: 0, sentMs: 0, receivedMs: nowMs };
      book.take(time, totals);
    }
  }

  return {
    seen(nowMs: number) {
      if (Math.floor(nowMs / 1000) % resultEveryS === 0)
        for (const source of sites)
          for (const target of sites) if (source !== target) report(source, target, nowMs);
      picture.refresh(nowMs);
      return {
        nowMs,
        members: [],
        locationPaths: picture.locationPaths(),
        memberPathsOf: ({ source, target }: { source: string; target: string }) =>
          picture.memberPaths({ source, target }, nowMs),
        baselinesOf: () => undefined,
        routeChanges: [],
        edges: [],
        graphEvents: [],
      };
    },
  };
}

function recordOf(site: string): MemberRecord {
  const id = `${site}-a`;
  return {
    instance_id: id,
    location: site,
    ip: '192.0.2.1',
    port: 1,
    registered_at_ms: 0,
    heartbeat_interval_ms: 15_000,
    check_interval_ms: 5_000,
    external_targets: [],
    registered_from: '192.0.2.1',
    proof: { instance_id: id, ip: '192.0.2.1', port: 1, nonce: '', mac: '' },
  };
}

test.each([
  [6, 108],
  [7, 101],
  [8, 4],
  [20, 7],
])(
  '%i %% of what leaves a site is lost, as numbers of %i come: told as that at every look',
  (percent, seed) => {
    const told = new Map<string, string>();
    const onLook = (state: AlertState) => {
      for (const { cause, summary } of openOf(state)) told.set(JSON.stringify(cause), summary);
    };
    watchFor(900, lossyRing('eu1', percent / 100, seed), undefined, { onLook });
    expect([...told.keys()]).toContain('{"kind":"direction","subject":{"source_location":"eu1"}}');
    // A first path that is told alone goes on as its site's way out.
    for (const [cause, summary] of told)
      expect([cause, summary]).toEqual([
        expect.stringContaining('"source_location":"eu1"'),
        expect.stringMatching(/away from eu1 |^eu1 → /),
      ]);
  },
);
