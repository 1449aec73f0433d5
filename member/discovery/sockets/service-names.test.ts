import { describe, expect, test } from 'vitest';
import type { Listener } from './connection.ts';
import type { ProcessFacts } from './process-facts.ts';
import { groupServices, type ContainerName } from './service-groups.ts';
import { nameServices } from './service-names.ts';

const containerA = 'a'.repeat(64);
const containerB = 'b'.repeat(64);

function process(pid: number, name: string, rest: Partial<ProcessFacts> = {}): ProcessFacts {
  return { pid, parent: 1, startedTicks: pid, executable: name, name, startMode: 'native', ...rest };
}

function listener(pid: number | undefined, port: number, rest: Partial<Listener> = {}): Listener {
  return {
    ...{
      namespace: 1,
      transport: 'tcp',
      address: '0.0.0.0',
      port,
      isV6Only: false,
      inode: port,
      pid,
      scan: 1,
    },
    ...rest,
  };
}

interface Host {
  processes: ProcessFacts[];
  listeners?: Listener[];
  containers?: Record<string, ContainerName>;
}

/** `name (rule): pids`, sorted. */
function names({ processes, listeners = [], containers = {} }: Host): string[] {
  const facts = new Map(processes.map((one) => [one.pid, one]));
  const groups = groupServices(facts.keys(), listeners, {
    factsOf: (pid) => facts.get(pid),
    containerName: (id) => containers[id],
    namespaceOf: () => 1,
  });
  return [...nameServices(groups)]
    .map(([group, name]) => `${name} (${group.rule}): ${group.pids.sort((a, b) => a - b).join(' ')}`)
    .sort();
}

describe('names of services', () => {
  test('alone, a program has its own name, and its workers are the same service', () => {
    const processes = [process(10, 'nginx'), process(11, 'nginx', { parent: 10 }), process(20, 'curl')];
    expect(names({ processes, listeners: [listener(10, 80), listener(10, 443)] })).toEqual([
      'curl (process): 20',
      'nginx (process): 10 11',
    ]);
  });

  test('of one name, those that listen have their port, and those that only call are apart', () => {
    const processes = [process(10, 'node'), process(11, 'node'), process(12, 'node'), process(13, 'node')];
    expect(names({ processes, listeners: [listener(10, 8080), listener(11, 9090)] })).toEqual([
      'node (client) (process): 12 13',
      'node:8080 (process): 10',
      'node:9090 (process): 11',
    ]);
  });

  test('workers that share a port are one service; those with ports of their own are not', () => {
    const processes = [10, 11, 12].map((pid) => process(pid, 'api', { parent: 9 }));
    const shared = [10, 11, 12].map((pid) => listener(pid, 80, { inode: pid }));
    expect(names({ processes, listeners: shared })).toEqual(['api (process): 10 11 12']);
    const apart = [10, 11, 12].map((pid) => listener(pid, pid));
    expect(names({ processes: [process(9, 'api'), ...processes], listeners: apart })).toEqual([
      'api (client) (process): 9',
      'api:10 (process): 10',
      'api:11 (process): 11',
      'api:12 (process): 12',
    ]);
  });

  test('a unit is one service, whatever it runs, and has its name before a mere process', () => {
    const unit = { startMode: 'systemd', unit: 'shop' } as const;
    const processes = [process(10, 'node', unit), process(11, 'sh', unit), process(12, 'shop')];
    expect(names({ processes, listeners: [listener(10, 80), listener(12, 81)] })).toEqual([
      'shop (systemd): 10 11',
      'shop:81 (process): 12',
    ]);
  });

  test('a container has the name that people or the engine gave it; replicas are one service', () => {
    const inside = (containerId: string) => ({ startMode: 'docker', containerId }) as const;
    const processes = [process(10, 'node', inside(containerA)), process(11, 'node', inside(containerB))];
    const listeners = [listener(10, 80, { namespace: 2 }), listener(11, 80, { namespace: 3 })];
    const label: ContainerName = { name: 'web', rule: 'label' };
    expect(names({ processes, listeners, containers: { [containerA]: label, [containerB]: label } })).toEqual(
      ['web (label): 10 11'],
    );
    expect(names({ processes, listeners })).toEqual([
      `node:80 (process): 10`,
      `node:80@${'b'.repeat(12)} (process): 11`,
    ]);
  });

  test('a listener without a process that may be seen is called by its port', () => {
    expect(
      names({
        processes: [],
        listeners: [listener(undefined, 22), listener(undefined, 22, { address: '::' })],
      }),
    ).toEqual(['port-22 (process): ']);
  });

  test('in two namespaces one name and one port are two services', () => {
    const processes = [process(10, 'redis'), process(11, 'redis')];
    const listeners = [listener(10, 6379), listener(11, 6379, { namespace: 2, address: '10.1.0.5' })];
    const found = names({ processes, listeners });
    expect(found).toHaveLength(2);
    expect(new Set(found.map((line) => line.split(' ')[0])).size).toBe(2);
  });

  test('do not depend on the order in which processes are found', () => {
    const processes = Array.from({ length: 12 }, (_, n) =>
      process(10 + n, ['node', 'api', 'db'][n % 3] as string),
    );
    const listeners = processes.filter((_, n) => n % 2 === 0).map(({ pid }) => listener(pid, 8000 + pid));
    const forwards = names({ processes, listeners });
    expect(names({ processes: [...processes].reverse(), listeners: [...listeners].reverse() })).toEqual(
      forwards,
    );
    expect(new Set(forwards.map((line) => line.split(' (process)')[0])).size).toBe(forwards.length);
  });
});
