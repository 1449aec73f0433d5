import { describe, expect, test } from 'vitest';
import { exampleMember, exampleOverview, examplePath } from '../example/example-ring.ts';
import { fromSnapshot } from '../live/picture.ts';
import { externalsOf } from './external.ts';
import { foldBeyond, groupMembers } from './groups.ts';
import { standingOf } from './standing.ts';

const all = { offline: true, deregistered: true };

describe('groupMembers', () => {
  const members = [
    exampleMember('b', 'us10'),
    exampleMember('c', 'us2', { status: 'offline' }),
    exampleMember('a', 'us10', { status: 'deregistered' }),
  ];
  const names = (shown: typeof all): string[] =>
    groupMembers(members, shown).map((group) =>
      [group.location, ...group.members.map((member) => member.instance_id)].join(' '),
    );

  test.for([
    [all, ['us2 c', 'us10 a b']],
    [{ ...all, offline: false }, ['us10 a b']],
    [{ ...all, deregistered: false }, ['us2 c', 'us10 b']],
  ] as const)('shown %j', ([shown, groups]) => {
    expect(names(shown)).toEqual(groups);
  });

  test('in a big ring, members with nothing to say are folded and counted', () => {
    const many = Array.from({ length: foldBeyond }, (_, index) => exampleMember(`m${index}`, 'us1'));
    many.push(exampleMember('z', 'us1', { status: 'stale' }));
    const [group] = groupMembers(many, all);
    expect(group?.members.map((member) => member.instance_id)).toEqual(['m0', 'm1', 'm2', 'z']);
    expect(group?.folded).toHaveLength(foldBeyond - 3);
    const hundreds = Array.from({ length: 301 }, (_, index) => exampleMember(`m${index}`, 'us1'));
    expect(groupMembers(hundreds, all)[0]?.members).toEqual([]);
    expect(group?.counts).toMatchObject({ online: foldBeyond, stale: 1 });
  });
});

describe('standingOf', () => {
  test.for([
    [{}, []],
    [{ status: 'offline', peers: 'reachable' }, ['warn Reachable by its peers']],
    [{ status: 'offline', peers: 'unreachable' }, ['bad Its peers cannot reach it either']],
    [{ status: 'offline', peers: 'unknown' }, ['note Whether its peers reach it is unknown']],
    [{ status: 'stale', peers: 'reachable' }, ['note Its peers still reach it']],
    [{ peers: 'unreachable' }, ['warn It talks to the registry, but its peers cannot reach it']],
    [{ status: 'deregistered', peers: 'unreachable', proved: false }, []],
    [{ proved: false }, ['note Unproved']],
    [{ probes_off: [{ kind: 'icmp', reason: 'no right' }] }, ['note icmp probe off']],
  ] as const)('%j', ([but, begins]) => {
    const said = standingOf(
      exampleMember('a', 'us1', { ...but, probes_off: 'probes_off' in but ? [...but.probes_off] : [] }),
    ).map(({ weight, says }) => `${weight} ${says}`);
    expect(said).toHaveLength(begins.length);
    said.forEach((line, index) => expect(line.startsWith(begins[index] ?? '?')).toBe(true));
  });
});

test('external targets are those of present members and of paths, each address once', () => {
  const shop = { name: 'shop', kind: 'http', address: 'https://shop.example/' } as const;
  const old = { name: 'old', kind: 'tcp', address: 'x:1' } as const;
  const picture = fromSnapshot(
    exampleOverview(
      [
        exampleMember('a', 'us1', { external_targets: [shop] }),
        exampleMember('b', 'us1', { external_targets: [shop, { ...shop, address: 'https://other/' }] }),
        exampleMember('c', 'us1', { external_targets: [old], status: 'deregistered' }),
      ],
      [
        examplePath('us1', 'shop', { target_kind: 'external' }),
        examplePath('us1', 'bank', { target_kind: 'external' }),
        examplePath('us1', 'eu1'),
      ],
    ),
  );
  const said = externalsOf(picture).map(({ name, targets, paths }) => [name, targets.length, paths.length]);
  expect(said).toEqual([
    ['bank', 0, 1],
    ['shop', 2, 1],
  ]);
});
