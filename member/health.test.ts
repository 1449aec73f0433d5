import { memberHealth } from '@netring/contract/health';
import { describe, expect, it } from 'vitest';
import { healthOf, type SelfKnowledge } from './health.ts';

const well: SelfKnowledge = {
  instanceId: 'm1',
  location: 'us1',
  version: '0.1.0',
  membersCount: 2,
  probes: { kind: 'up', restarts: 0, pulse: undefined },
  eventLoopDelayMs: 3,
  registryTrouble: undefined,
  registrySilentMs: 1000,
  sources: [{ kind: 'sockets', name: 'kernel', state: 'ok', taken: 1, rejected: {}, losses: [] }],
};

describe('the health of a member', () => {
  it.each<[string, Partial<SelfKnowledge>, string, string[]]>([
    ['all is well', {}, 'healthy', []],
    [
      'the probe process is down',
      { probes: { kind: 'down', restarts: 1, reason: 'ended with SIGKILL' } },
      'unhealthy',
      ['nothing is measured: the probe process ended with SIGKILL'],
    ],
    [
      'the agent is starved',
      { eventLoopDelayMs: 1500 },
      'unhealthy',
      ['this process is starved: it answers 1500 ms late'],
    ],
    [
      'the registry is away: it goes on measuring',
      { registryTrouble: 'connect ECONNREFUSED', registrySilentMs: 61_000 },
      'healthy',
      ['the registry was last heard 61 s ago: connect ECONNREFUSED'],
    ],
    [
      'the registry was never reached',
      { registryTrouble: 'getaddrinfo ENOTFOUND registry', registrySilentMs: undefined },
      'healthy',
      ['the registry has not been reached yet: getaddrinfo ENOTFOUND registry'],
    ],
    [
      'a source sees less than it might',
      {
        sources: [
          {
            kind: 'sockets',
            name: 'kernel',
            state: 'limited',
            reason: 'run it as root',
            taken: 1,
            rejected: {},
            losses: [],
          },
        ],
      },
      'healthy',
      ['discovery from sockets (kernel) is limited: run it as root'],
    ],
  ])('%s', (_, change, status, reasons) => {
    const health = healthOf({ ...well, ...change }, 1_700_000_000_500);
    expect(health).toMatchObject({ status, reasons, members_count: 2, timestamp: 1_700_000_000.5 });
    expect(memberHealth.parse(health)).toEqual(health);
  });
});
