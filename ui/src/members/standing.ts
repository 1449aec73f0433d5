import type { MemberView } from '@netring/contract/member';

/** What people should know of a member beyond its status: a sentence, and how much it matters. */
export interface Standing {
  weight: 'bad' | 'warn' | 'note';
  says: string;
}

/** What status and the peers' view say together. Nothing is said of a member that is simply well. */
export function standingOf({ status, peers, proved, probes_off: off }: MemberView): Standing[] {
  const says: Standing[] = [];
  if (status === 'offline' && peers === 'reachable') {
    says.push({
      weight: 'warn',
      says: 'Reachable by its peers: it has lost its control path to the registry, the site is not dead.',
    });
  } else if (status === 'offline' && peers === 'unreachable') {
    says.push({ weight: 'bad', says: 'Its peers cannot reach it either.' });
  } else if (status === 'offline') {
    says.push({ weight: 'note', says: 'Whether its peers reach it is unknown.' });
  } else if (status === 'stale' && peers === 'reachable') {
    says.push({ weight: 'note', says: 'Its peers still reach it.' });
  } else if (status !== 'deregistered' && peers === 'unreachable') {
    says.push({ weight: 'warn', says: 'It talks to the registry, but its peers cannot reach it.' });
  }
  if (!proved && status !== 'deregistered') {
    says.push({ weight: 'note', says: 'Unproved: its address has not answered yet, so nobody probes it.' });
  }
  for (const { kind, reason } of off) says.push({ weight: 'note', says: `${kind} probe off: ${reason}` });
  return says;
}
