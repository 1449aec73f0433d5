import type { LocalService, NameRule as Rank } from '@netring/contract/inventory';
import { describe, expect, it } from 'vitest';
import { createInventoryBook } from './inventory-book.ts';
import { mergeServices } from './merge-services.ts';
import { nameRuleSetting } from './name-rules.ts';

const service = (name: string, name_rule: Rank, more: Partial<LocalService> = {}): LocalService => ({
  name,
  name_rule,
  start_mode: 'native',
  reach: 'location',
  listeners: [],
  ...more,
});
const listener = (port: number, address = '0.0.0.0') => ({ address, port, transport: 'tcp' as const });
const rules = (...texts: string[]) => texts.map((text) => nameRuleSetting.parse(text));

describe('what several sources know of one service', () => {
  it.each<[string, LocalService[][], string[], object[], [string, string][]]>([
    [
      'a process and its container: the label wins, and both say what they know',
      [
        [
          service('node:3000', 'process', {
            container_id: 'c1',
            pid: 7,
            process: 'node',
            listeners: [listener(3000)],
          }),
        ],
        [
          service('orders', 'label', {
            container_id: 'c1',
            start_mode: 'docker',
            aliases: ['orders.shop'],
            reach: 'host',
          }),
        ],
      ],
      [],
      [
        {
          name: 'orders',
          name_rule: 'label',
          pid: 7,
          process: 'node',
          start_mode: 'docker',
          reach: 'host',
          aliases: ['orders.shop'],
          listeners: [listener(3000)],
        },
      ],
      [['node:3000', 'orders']],
    ],
    [
      'in the other order it is the same',
      [
        [service('orders', 'label', { container_id: 'c1' })],
        [service('node:3000', 'process', { container_id: 'c1' })],
      ],
      [],
      [{ name: 'orders', name_rule: 'label' }],
      [['node:3000', 'orders']],
    ],
    [
      'a unit is known better than an OpenTelemetry name, that better than a container',
      [
        [service('a', 'container', { container_id: 'c1' })],
        [service('b', 'otel', { container_id: 'c1' })],
        [service('c', 'systemd', { container_id: 'c1' })],
      ],
      [],
      [{ name: 'c', name_rule: 'systemd' }],
      [
        ['a', 'c'],
        ['b', 'c'],
      ],
    ],
    [
      'what a person says wins over all',
      [
        [service('orders', 'label', { container_id: '4f2a91', listeners: [listener(80)] })],
        [service('db', 'systemd')],
      ],
      ['container:4f2a=shop', 'name:db=main-db'],
      [
        { name: 'shop', name_rule: 'user' },
        { name: 'main-db', name_rule: 'user' },
      ],
      [
        ['orders', 'shop'],
        ['db', 'main-db'],
      ],
    ],
    [
      'two replicas are one service with the listeners of both',
      [
        [
          service('web', 'label', {
            container_id: 'c1',
            addresses: ['172.17.0.2'],
            listeners: [listener(80, '172.17.0.2')],
          }),
          service('web', 'label', {
            container_id: 'c2',
            addresses: ['172.17.0.3'],
            listeners: [listener(80, '172.17.0.3')],
          }),
        ],
      ],
      [],
      [
        {
          name: 'web',
          addresses: ['172.17.0.2', '172.17.0.3'],
          listeners: [listener(80, '172.17.0.2'), listener(80, '172.17.0.3')],
        },
      ],
      [],
    ],
    [
      'one name that stands for two services leads nowhere',
      [
        [
          service('node', 'process', { container_id: 'c1' }),
          service('node', 'process', { container_id: 'c2' }),
        ],
        [service('a', 'label', { container_id: 'c1' }), service('b', 'label', { container_id: 'c2' })],
      ],
      [],
      [{ name: 'a' }, { name: 'b' }],
      [],
    ],
  ])('%s', (_, lists, given, expected, renamed) => {
    const merged = mergeServices(lists, rules(...given));
    expect(merged.services).toMatchObject(expected);
    expect(merged.services).toHaveLength(expected.length);
    expect([...merged.renamed]).toEqual(renamed);
  });
});

describe('a service that names itself by its process', () => {
  const found = service('node:3000', 'process', { pid: 7, process: 'node', listeners: [listener(3000)] });
  const own = (name: string, pid: number) => service(name, 'otel', { pid });
  const of = (processes: [number, string][], ...named: LocalService[]) =>
    mergeServices([[found], named], [], new Map(processes));

  it('is the one that was found there', () => {
    const merged = of([[7, 'node:3000']], own('orders', 7));
    expect(merged.services).toMatchObject([
      { name: 'orders', name_rule: 'otel', process: 'node', listeners: [listener(3000)] },
    ]);
    expect([...merged.renamed]).toEqual([['node:3000', 'orders']]);
  });

  it('is another one where two names are of one service there, or nobody knows the process', () => {
    const two: [number, string][] = [
      [7, 'node:3000'],
      [8, 'node:3000'],
    ];
    expect(of(two, own('orders', 7), own('stock', 8)).services).toHaveLength(3);
    expect(of([], own('orders', 7)).services).toHaveLength(2);
  });

  it('is found when its process is known only later', () => {
    const changes: string[] = [];
    const book = createInventoryBook([], (what) => changes.push(what));
    book.services('sockets', [found]);
    book.services('spans', [own('orders', 7)]);
    expect(book.bestName('node:3000')).toBe('node:3000');
    book.processes(new Map([[7, 'node:3000']]));
    expect([book.bestName('node:3000'), book.serviceOfPid(7), changes.at(-1)]).toEqual([
      'orders',
      'orders',
      'names',
    ]);
  });
});

describe('the inventory of a host', () => {
  const start = (...given: string[]) => {
    const changes: string[] = [];
    return { changes, book: createInventoryBook(rules(...given), (what) => changes.push(what)) };
  };

  it('knows who listens where', () => {
    const { book } = start('port:9000=metrics');
    book.host({ name: 'h1', addresses: ['10.0.0.1', 'fd00::1'] });
    book.services('sockets', [
      service('web', 'systemd', { pid: 7, listeners: [listener(80), listener(81, '127.0.0.1')] }),
      service('x', 'process', { listeners: [listener(9000, '10.0.0.1')] }),
      service('shop', 'label', {
        container_id: 'c',
        addresses: ['172.17.0.2'],
        listeners: [listener(80, '0.0.0.0')],
      }),
    ]);
    const at: [string, number, string | undefined][] = [
      ['10.0.0.1', 80, 'web'],
      ['127.0.0.1', 80, 'web'],
      ['::ffff:10.0.0.1', 80, 'web'],
      ['10.0.0.2', 80, undefined],
      ['127.0.0.1', 81, 'web'],
      ['10.0.0.1', 81, undefined],
      ['10.0.0.1', 9000, 'metrics'],
      ['172.17.0.2', 80, 'shop'],
      ['10.0.0.1', 82, undefined],
    ];
    for (const [address, port, name] of at)
      expect([address, port, book.serviceAt(address, port)]).toEqual([address, port, name]);
    expect(book.serviceOfPid(7)).toBe('web');
    book.processes(new Map([[8, 'x']]));
    expect([book.serviceOfPid(8), book.serviceOfPid(9)]).toEqual(['metrics', undefined]);
  });

  it('changes only when something differs, and says when names do', () => {
    const { book, changes } = start();
    const one = [service('node:1', 'process', { container_id: 'c' })];
    book.services('sockets', one);
    book.services('sockets', structuredClone(one));
    book.aliases('sockets', []);
    book.services('containers', [service('orders', 'label', { container_id: 'c' })]);
    expect(changes).toEqual(['content', 'content', 'names']);
  });

  it('leaves out what no registry would take, and counts it', () => {
    const { book } = start();
    book.services('sockets', [service('', 'process'), service('ok', 'process')]);
    book.aliases('sockets', [{ ip: 'nowhere', port: 1, to_ip: '10.0.0.1', to_port: 2 }]);
    expect(book.inventory([]).services.map(({ name }) => name)).toEqual(['ok']);
    expect(book.unfit()).toBe(2);
  });

  it('is bounded, and says how much there is beyond', () => {
    const { book } = start();
    book.services(
      'sockets',
      Array.from({ length: 2003 }, (_, n) => service(`s${n}`, 'process')),
    );
    expect(book.inventory([])).toMatchObject({ more: 3 });
    expect(book.inventory([]).services).toHaveLength(2000);
  });
});
