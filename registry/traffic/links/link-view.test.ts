import { describe, expect, it } from 'vitest';
import { createPushedBook } from './pushed-book.ts';
import { linkReport } from './report.ts';
import { dependency, endOf, facts, judged, startMs, viewed, windowAt } from './two-services.ts';

describe('the link view', () => {
  it('has both directions of a link, and nothing where nobody measured', async () => {
    const { book, view, store } = await viewed();
    for (const n of [1, 2, 3]) book.note(facts([windowAt(n)]), judged, endOf(n));
    const [link] = view.links(endOf(3));
    expect(link).toMatchObject({ id: dependency.id, role: 'http', is_open: true, closures: 0, hops: 3 });
    expect(link?.up).toEqual({
      queue_depth: { count: 9, last: 3, min: 0, max: 30, avg: 2 },
      queue_max_depth: { count: 3, last: 30, min: 10, max: 30, avg: 20 },
      net_latency: { count: 3, last: 6, min: 2, max: 6, avg: 4 },
      bytes_sent: { count: 3, last: 3000, min: 1000, max: 3000, avg: 2000 },
      bytes_per_second: { count: 3, last: 300, min: 100, max: 300, avg: 200 },
      messages_sent: { count: 3, last: 100, min: 100, max: 100, avg: 100 },
      messages_per_second: { count: 3, last: 10, min: 10, max: 10, avg: 10 },
    });
    expect(Object.keys(link?.down ?? {})).toEqual([
      'bytes_sent',
      'bytes_per_second',
      'messages_sent',
      'messages_per_second',
    ]);
    await store.close();
  });

  it('takes a window once, and forgets what is older than ten minutes', async () => {
    const { book, view, store } = await viewed();
    for (let at = 0; at < 3; at++) book.note(facts([windowAt(1)]), judged, endOf(1));
    expect(view.links(endOf(1))[0]?.up.bytes_sent?.count).toBe(1);
    for (let n = 2; n <= 200; n++) book.note(facts([windowAt(n)]), judged, endOf(n));
    const count = view.links(endOf(200))[0]?.up.bytes_sent?.count ?? 0;
    expect(count).toBeGreaterThanOrEqual(30);
    expect(count).toBeLessThanOrEqual(60);
    expect(view.links(endOf(400))[0]?.up).toEqual({});
    await store.close();
  });

  it('counts incidents, says how long the present one lasts, and colours nodes by them', async () => {
    const { book, view, store } = await viewed();
    for (let n = 1; n <= 5; n++) book.note(facts([windowAt(n, 100, n > 2 ? 50 : 0)]), judged, endOf(n));
    const [link] = view.links(endOf(5));
    expect(link?.incidents).toEqual({
      count: 3,
      lasting_ms: 30_000,
      stretches: [{ since_ms: startMs + 30_000, what: '50 of 100 requests failed' }],
    });
    expect(view.troubled(endOf(5))).toEqual({
      incidents: { 'us1/orders': 3, 'eu1/payments': 3 },
      accessUrls: { 'us1/orders': 'http://10.0.0.2:8080/', 'eu1/payments': 'http://10.0.0.2:8080/' },
    });
    for (let n = 6; n <= 10; n++) book.note(facts([windowAt(n)]), judged, endOf(n));
    expect(view.links(endOf(10))[0]?.incidents).toMatchObject({
      count: 3,
      stretches: [{ until_ms: startMs + 60_000 }],
    });
    expect(view.links(endOf(10))[0]?.incidents.lasting_ms).toBeUndefined();
    expect(view.links(endOf(70))[0]?.incidents.count).toBe(0);
    await store.close();
  });

  it('filters nodes by role and links by node, and knows distances', async () => {
    const { view, store } = await viewed();
    expect(view.nodes(startMs).map(({ key, roles }) => [key, roles])).toEqual([
      ['us1/orders', ['microservice']],
      ['eu1/payments', ['api_gateway']],
      ['a', ['member']],
    ]);
    const [gateway] = view.nodes(startMs, 'api_gateway');
    expect(gateway?.id).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.values(gateway?.distance ?? {})).toEqual([3]);
    for (const node of [gateway?.id ?? '', 'eu1/payments', 'payments'])
      expect(view.links(startMs, { nodes: [node] })).toHaveLength(1);
    expect(view.links(startMs, { nodes: ['a'] })).toEqual([]);
    await store.close();
  });

  it('counts a closure when a link falls silent', async () => {
    const { book, view, store } = await viewed();
    book.note(facts([windowAt(1)]), judged, endOf(1));
    expect(view.links(endOf(10))[0]).toMatchObject({ is_open: false, closures: 1 });
    book.note(facts([windowAt(20)]), judged, endOf(20));
    expect(view.links(endOf(20))[0]).toMatchObject({ is_open: true, closures: 1 });
    await store.close();
  });
});

describe('links that applications push', () => {
  it('appear beside the others, forks included, add up, and expire', async () => {
    const { pushed, view, store } = await viewed();
    const push = (depth: number) => ({
      nodes: [{ name: 'bp-1', roles: ['producer'], accounts: ['alice'], version: '5.0' }],
      links: [
        {
          active: 'bp-1',
          passive: 'us1/orders',
          role: 'blocks',
          is_open: true,
          up: { fork_depth: depth, fork_instances: 1 },
          down: {},
          incident: 'a fork of 2 blocks',
        },
      ],
    });
    const first = await pushed.push(store, push(1), startMs);
    await pushed.push(store, push(3), startMs + 10_000);
    const links = view.links(startMs + 11_000, { nodes: ['bp-1'] });
    expect(links).toHaveLength(1);
    expect(first).toEqual({ ids: [links[0]?.id] });
    expect(links[0]).toMatchObject({
      kind: 'pushed',
      role: 'blocks',
      is_open: true,
      incidents: { count: 2 },
    });
    expect(links[0]?.up).toEqual({
      fork_instances: { count: 2, last: 1, min: 1, max: 1, avg: 1 },
      fork_depth: { count: 2, last: 3, min: 1, max: 3, avg: 2 },
    });
    const nodes = view.nodes(startMs + 11_000);
    expect(nodes.find(({ key }) => key === 'bp-1')).toMatchObject({
      accounts: ['alice'],
      roles: ['producer'],
      incidents: 2,
    });
    expect(links[0]?.passive).toBe(nodes.find(({ key }) => key === 'us1/orders')?.id);
    expect(view.links(startMs + 90_000, { nodes: ['bp-1'] })[0]?.is_open).toBe(false);
    expect(view.links(startMs + 1_000_000, { nodes: ['bp-1'] })).toEqual([]);
    await store.close();
  });

  it('are held to a bound', async () => {
    const { pushed, store } = await viewed();
    const many = (from: number) => ({
      nodes: [],
      links: Array.from({ length: 200 }, (_, at) => ({
        active: `n${from + at}`,
        passive: 'hub',
        role: 'x',
        is_open: true,
        up: {},
        down: {},
      })),
    });
    for (let at = 0; at < 10; at++)
      expect(await pushed.push(store, many(at * 200), startMs)).not.toBe('full');
    expect(await pushed.push(store, many(2_000), startMs)).toBe('full');
    expect(await pushed.push(store, many(2_000), startMs + 16 * 60_000)).not.toBe('full');
    await store.close();
  });

  it('are there for a replica that starts later', async () => {
    const { pushed, store } = await viewed();
    await pushed.push(
      store,
      {
        nodes: [],
        links: [{ active: 'a', passive: 'b', role: 'x', is_open: true, up: { queue_depth: 5 }, down: {} }],
      },
      startMs,
    );
    const other = createPushedBook();
    await other.load(store);
    expect(other.links(startMs)).toEqual(pushed.links(startMs));
    await store.close();
  });
});

it('reports in Markdown what names from outside cannot break', async () => {
  const { book, pushed, view, store } = await viewed();
  book.note(facts([windowAt(1, 100, 50)]), judged, endOf(1));
  const evil = '| <script>alert(1)</script> [x](http://x)';
  await pushed.push(
    store,
    {
      nodes: [{ name: evil }],
      links: [{ active: evil, passive: 'b', role: 'x', is_open: true, up: {}, down: {} }],
    },
    endOf(1),
  );
  const nowMs = endOf(1);
  const text = linkReport({
    nowMs,
    reporter: 'us1',
    nodes: view.nodes(nowMs),
    links: view.links(nowMs),
    paths: [],
  });
  for (const section of ['## Link performance', '## Nodes', '## Incidents', '## Paths', '## Links'])
    expect(text).toContain(section);
  expect(text).toContain('2 of 5 nodes show incidents');
  expect(text).toContain('| orders → payments (http) |'.replace(/[()]/g, '\\$&'));
  expect(text).not.toMatch(/<script|\]\(http/);
  expect(text.split('\n').filter((line) => line.startsWith('| '))[2]).toMatch(/us1/);
  await store.close();
});
