import type { Blame } from '@netring/contract/graph';

/** A link of the network `blame-faults`, and its name where there are two. */
export type LinkName = readonly [string, string, string?];

/** Who calls whom over which links, in order; with the callee that can be made slow. */
export const dependencies = {
  near: { callee: 'plain', way: ['us1 r1', 'r1 r2', 'r2 eu1'] },
  web: { callee: 'reports', way: ['us1 ap1'] },
  mobile: { callee: 'far', way: ['eu1 ap1'] },
  nginx: { callee: 'orders', way: ['us1 r1', 'r1 r2', 'r2 eu1'] },
  feeder: { callee: 'sink', way: ['us1 ap1'] },
  kiosk: { callee: 'nginx', way: ['us1 ap1'] },
  pinned: { callee: 'lima', way: ['us1 sa1'] },
  quito: { callee: 'catalog', way: ['sa1 ap1'] },
} as const satisfies Record<string, { callee: string; way: readonly string[] }>;

export type Caller = keyof typeof dependencies;

/** One thing that is wrong. Milliseconds of a link are those of both directions together. */
export type Harm =
  | { kind: 'slow program'; program: string; ms: number }
  | { kind: 'slow tail'; program: string; ms: number }
  | { kind: 'failing program'; program: string; percent: number }
  | { kind: 'busy program'; program: string; ms: number }
  | { kind: 'stops reading'; program: string }
  | { kind: 'slow proxy'; requestsPerSecond: number }
  | { kind: 'slow link'; link: string; ms: number; way: 'both' | 'there' | 'back' }
  | { kind: 'slow way around the probes'; ms: number }
  | { kind: 'lossy link'; link: string; ratio: number }
  | { kind: 'cut link'; link: string }
  | { kind: 'no probes'; location: string };

/** A fault, and what must be said of it. */
export interface Fault {
  row: string;
  harms: Harm[];
  /** The dependency, `near>plain`, and its verdict. */
  about: string;
  expected: Blame;
  /** One of the reasons must say this. */
  says: RegExp;
  /** Where the network is slow at a hop. */
  hop?: { ttl: number; addedMs: number };
}

type Random = () => number;

const whole = (random: Random, least: number, most: number) => Math.round(least + random() * (most - least));

function oneOf<T>(random: Random, choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)] as T;
}

function dependencyOf(caller: Caller): string {
  return `${caller}>${dependencies[caller].callee}`;
}

const requesting = ['near', 'web', 'mobile', 'nginx'] as const;

function slowLink(random: Random, [caller, at]: [Caller, number], least: number, most: number) {
  const link = dependencies[caller].way[at] as string;
  const ms = whole(random, least, most);
  const harm: Harm = { kind: 'slow link', link, ms, way: oneOf(random, ['both', 'there', 'back']) };
  // The first hop is the caller's own router.
  return { harm, hop: { ttl: at + 2, addedMs: ms } };
}

/** Hops of different links, each a fault of its own. */
const hops: [Caller, number][] = [
  ['near', 0],
  ['near', 1],
  ['nginx', 2],
  ['web', 0],
  ['mobile', 0],
];

type Make = (random: Random) => Fault;

function application(random: Random): Fault {
  const caller = oneOf(random, requesting);
  const program = dependencies[caller].callee;
  const harms: Harm[] = [{ kind: 'slow program', program, ms: whole(random, 20, 150) }];
  const says = new RegExp(`application: ${program} takes \\d+ ms of its own`);
  return { row: 'application', harms, about: dependencyOf(caller), expected: 'application', says };
}

function networkAtHop(at: [Caller, number]): Make {
  return (random) => {
    const { harm, hop } = slowLink(random, at, 15, 120);
    const says = /network, at hop \d+ \(10\.\d+\.\d+\.\d+\), which adds [\d.]+ ms more than usual/;
    return {
      row: 'network at a hop',
      harms: [harm],
      about: dependencyOf(at[0]),
      expected: 'network',
      says,
      hop,
    };
  };
}

function both(random: Random): Fault {
  const at = oneOf(random, hops);
  const { harm } = slowLink(random, at, 25, 120);
  const program = dependencies[at[0]].callee;
  return {
    row: 'both',
    harms: [harm, { kind: 'slow program', program, ms: whole(random, 40, 150) }],
    about: dependencyOf(at[0]),
    expected: 'both',
    says: /both: of \d+ ms a request, network \d+ ms \(usually .*application \d+ ms/,
  };
}

function loss(caller: Caller): Make {
  return (random) => ({
    row: 'loss',
    harms: [
      {
        kind: 'lossy link',
        link: oneOf(random, dependencies[caller].way),
        ratio: whole(random, 4, 10) / 100,
      },
    ],
    about: dependencyOf(caller),
    expected: 'network',
    says: /network \(loss\)/,
  });
}

function tail(random: Random): Fault {
  const caller = oneOf(random, requesting);
  return {
    row: 'a slow tail',
    harms: [{ kind: 'slow tail', program: dependencies[caller].callee, ms: whole(random, 250, 600) }],
    about: dependencyOf(caller),
    expected: 'application',
    says: /one request in twenty/,
  };
}

function errors(random: Random): Fault {
  const caller = oneOf(random, ['near', 'web', 'mobile'] as const);
  return {
    row: 'errors',
    harms: [
      { kind: 'failing program', program: dependencies[caller].callee, percent: whole(random, 15, 100) },
    ],
    about: dependencyOf(caller),
    expected: 'application',
    says: /answered 5xx/,
  };
}

const others: Make[] = [
  (random) => ({
    row: 'network, not on the probed path',
    harms: [{ kind: 'slow way around the probes', ms: whole(random, 60, 250) }],
    about: dependencyOf('pinned'),
    expected: 'network',
    says: /network, not on the probed path/,
  }),
  () => ({
    row: 'receiver not reading',
    harms: [{ kind: 'stops reading', program: 'sink' }],
    about: dependencyOf('feeder'),
    expected: 'application',
    says: /receiver not reading/,
  }),
  (random) => ({
    row: 'proxy',
    harms: [{ kind: 'slow proxy', requestsPerSecond: whole(random, 4, 9) }],
    about: dependencyOf('kiosk'),
    expected: 'application',
    says: /application: proxy/,
  }),
  (random) => ({
    row: 'accept queue',
    harms: [{ kind: 'busy program', program: 'doorman', ms: whole(random, 150, 250) }],
    about: 'nginx>doorman',
    expected: 'application',
    says: /accept queue or host/,
  }),
  () => ({
    row: 'cut',
    harms: [{ kind: 'cut link', link: 'eu1 ap1' }],
    about: dependencyOf('mobile'),
    expected: 'network',
    says: /the path is down/,
  }),
  (random) => ({
    row: 'probes switched off',
    harms: [
      { kind: 'no probes', location: 'sa1' },
      { kind: 'slow program', program: 'catalog', ms: whole(random, 40, 150) },
    ],
    about: dependencyOf('quito'),
    expected: 'unknown',
    says: /the path is not measured/,
  }),
];

/** Twenty faults over all rows of the table in docs/blame.md, in an order of their own: the same for the same numbers. */
export function generateFaults(random: Random): Fault[] {
  const makes: Make[] = [
    ...hops.map(networkAtHop),
    ...[application, application, application, both, both, tail, errors],
    ...[loss('mobile'), loss(oneOf(random, ['near', 'web']))],
    ...others,
  ];
  const faults = makes.map((make) => make(random));
  for (let at = faults.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [faults[at], faults[other]] = [faults[other] as Fault, faults[at] as Fault];
  }
  return faults;
}
