import type { MemberView } from '@netring/contract/member';
import type { Picture } from '../live/picture.ts';
import { listed, type Phrase } from './phrase.ts';
import type { Severity, Trouble } from './trouble.ts';

/** Beyond this many members in one kind of trouble, they are told together. */
const mostApart = 3;

/** One kind of trouble that a member can have. A goodbye is none. */
interface Kind {
  severity: Severity;
  key: string;
  is: (member: MemberView) => boolean;
  one: string;
  many: string;
}

const kinds: readonly Kind[] = [
  {
    severity: 'bad',
    key: 'offline',
    is: ({ status, peers }) => status === 'offline' && peers !== 'reachable',
    one: ' is offline',
    many: 'members are offline',
  },
  {
    severity: 'warn',
    key: 'control',
    is: ({ status, peers }) => status === 'offline' && peers === 'reachable',
    one: ' is offline but reachable by its peers: it has lost its path to the registry',
    many: 'members are offline but reachable by their peers: they have lost their path to the registry',
  },
  {
    severity: 'warn',
    key: 'stale',
    is: ({ status }) => status === 'stale',
    one: ' is stale: its heartbeats stay away',
    many: 'members are stale: their heartbeats stay away',
  },
  {
    severity: 'unknown',
    key: 'unproved',
    is: ({ status, proved }) => !proved && status !== 'deregistered',
    one: ' is unproved: its address has not answered yet, so nobody probes it',
    many: 'members are unproved: their addresses have not answered yet, so nobody probes them',
  },
];

/** What is wrong with members. */
export function memberTroubles(picture: Picture): Trouble[] {
  const members = [...picture.members.values()];
  return kinds.flatMap((kind) => {
    const troubled = members.filter(kind.is);
    return troubled.length > mostApart
      ? [together(kind, troubled)]
      : troubled.map((member) => single(kind, member));
  });
}

function single(kind: Kind, member: MemberView): Trouble {
  const text: Phrase[] = [{ name: member.instance_id }, ' in ', { name: member.location }, kind.one];
  return {
    severity: kind.severity,
    key: `${kind.key} ${member.instance_id}`,
    text,
    ...sinceOf(kind, member),
    // Who has not proved its address, or lost the registry alone, may do well.
    ...(kind.key === 'offline' && { at: member.location }),
    about: aboutOf([member]),
  };
}

function aboutOf(members: readonly MemberView[]): Trouble['about'] {
  return members.map(({ instance_id: member, location }) => ({ member, location }));
}

function together(kind: Kind, troubled: readonly MemberView[]): Trouble {
  const names = listed(
    troubled.map((member) => [{ name: member.instance_id }]),
    2,
  );
  const text: Phrase[] = [`${troubled.length} ${kind.many} (`, ...names, ')'];
  return { severity: kind.severity, key: `${kind.key} ${troubled.length}`, text, about: aboutOf(troubled) };
}

/** Silence began with the last sign of life; being unproved began with the registration. */
function sinceOf(kind: Kind, member: MemberView): { sinceMs: number } {
  return { sinceMs: 1000 * (kind.key === 'unproved' ? member.registered_at : member.last_seen) };
}
