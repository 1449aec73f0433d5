import type { OverviewAnswer } from '@netring/contract/overview';
import { quietOne, slowHop } from './scripted-incidents.ts';
import { fourLocations } from './scripted-ring.ts';

const minute = 60_000;

/** Four locations; since 35 minutes, us1 → eu1 is 80 ms slower at its fifth hop, which an incident tells. A silenced one stands beside it. */
export function slowHopRing(): OverviewAnswer {
  const atMs = Date.now() - 2_000;
  const slow = { state: 'degraded', p50_ms: 163, sent: 12, lost: 0, at_ms: atMs } as const;
  const picture = fourLocations({
    'us1 eu1': {
      state: 'degraded',
      since_ms: atMs - 35 * minute,
      reasons: ['TCP takes 163 ms, usually 83 ms; hop 5 (198.51.100.77) adds 80 ms'],
      checks: [
        { ...slow, kind: 'tcp' },
        { ...slow, kind: 'http', p50_ms: 331 },
        { ...slow, kind: 'icmp', p50_ms: 162.6, sent: 60 },
        { ...slow, kind: 'udp', p50_ms: 163.1, sent: 60, lost: 3 },
      ],
      route: {
        hops: 8,
        reached: true,
        path_id: 'other',
        worst_step: { ttl: 5, ip: '198.51.100.77', added_ms: 79.8 },
        at_ms: atMs - 2 * minute,
      },
      bandwidth: { forward_mbps: 94.2, return_mbps: 487, at_ms: atMs - 9 * minute },
    },
  });
  return { ...picture, incidents: [slowHop(), quietOne()] };
}
