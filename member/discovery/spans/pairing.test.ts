import { describe, expect, it } from 'vitest';
import type { SpanSketch } from './span-sketch.ts';
import { answer, call, onHost, started, startMs } from './started-intake.ts';

describe('pairs', () => {
  it.each([
    ['caller first', [call, answer]],
    ['callee first', [answer, call]],
  ])('join the two ends of a request: %s', (_, [first, second]) => {
    const { send, recording, observations, signals, requests } = started();
    send(first as SpanSketch);
    send(second as SpanSketch);
    expect(recording.edges()).toEqual(['service:orders → peer:payments http']);
    expect(observations[0]).toMatchObject({
      latency_ms: 50,
      status_code: 200,
      method: 'GET',
      path: '/pay',
      evidence: 'span',
      failed: false,
      timestamp_ms: startMs + 50,
    });
    expect(signals[0]?.of).toMatchObject({
      source: 'service:orders',
      target: 'peer:payments',
      evidence: 'span',
    });
    expect(signals[0]?.values.callee).toEqual({ sum_ms: 30, count: 1 });
    expect(signals[0]?.values.between).toEqual({ sum_ms: 20, count: 1 });
    expect(requests[0]).toMatchObject({ path: '/pay', status: 200, duration_ms: 50 });
  });

  it('are not told again when a sender repeats itself, nor when their time is over', () => {
    const { send, after, recording } = started();
    send(call, answer);
    expect(send(call, answer).status).toBe(200);
    after(60_000);
    expect(recording.edges()).toHaveLength(1);
    expect(recording.rejected.get('duplicate')).toBe(2);
  });

  it('count by the weight that sampling gave the caller', () => {
    const { send, observations, signals } = started();
    send({ ...call, traceState: 'vendor=x,ot=th:c' }, answer);
    expect(observations[0]?.weight).toBe(4);
    expect(signals[0]?.values.between).toEqual({ sum_ms: 80, count: 4 });
  });

  it('say nothing of what lay between when the callee took longer than its caller waited', () => {
    const { send, after, recording, signals } = started();
    send(call, { ...answer, durationMs: 90 });
    after(0);
    expect(signals).toEqual([]);
    expect(recording.losses.join()).toContain('1 callees took longer');
  });

  it('have no duration where a clock was set meanwhile', () => {
    const { send, observations, signals } = started();
    send({ ...call, durationMs: -5 }, answer);
    send({ ...call, trace: 2, durationMs: 90_000_000 }, { ...answer, trace: 2 });
    expect(observations.map(({ latency_ms }) => latency_ms)).toEqual([undefined, undefined]);
    expect(signals).toEqual([]);
  });

  it('join producers with consumers by parent and by link, each consumer once', () => {
    const { send, after, recording } = started();
    const kafka = { 'messaging.system': 'kafka', 'messaging.destination.name': 'orders' };
    send(
      {
        service: 'mailer',
        kind: 'consumer',
        id: 11,
        trace: 2,
        links: [{ trace: 1, id: 10 }],
        attributes: kafka,
      },
      { service: 'orders', kind: 'producer', id: 10, attributes: kafka, resource: onHost },
      {
        service: 'billing',
        kind: 'consumer',
        id: 12,
        parent: 10,
        links: [{ trace: 1, id: 10 }],
        attributes: kafka,
      },
    );
    after(60_000);
    expect(recording.edges()).toEqual([
      'service:orders → peer:billing kafka',
      'service:orders → peer:mailer kafka',
    ]);
    expect(recording.signals).toEqual([]);
  });
});

describe('both ends of a request under one id', () => {
  const { parent: _, ...rest } = answer;
  const root = { ...rest, service: 'orders', id: 5, resource: onHost };
  const inner = { service: 'payments', kind: 'internal', id: 9, parent: 1 } as const;
  const spans = { caller: { ...call, parent: 5 }, callee: { ...answer, id: 1, parent: 5 }, root, inner };
  type Name = keyof typeof spans;
  const ordersOf = (names: readonly Name[]): Name[][] =>
    names.length === 0
      ? [[]]
      : names.flatMap((one) =>
          ordersOf(names.filter((other) => other !== one)).map((more) => [one, ...more]),
        );

  it.each(ordersOf(['caller', 'callee', 'root', 'inner']).map((order) => [order.join(', '), order] as const))(
    'are one request: %s',
    (_order, order) => {
      const { send, after, recording } = started();
      for (const name of order) send(spans[name]);
      for (const name of order) send(spans[name]);
      after(60_000);
      expect(recording.edges()).toEqual([
        'address:10.0.0.5 → service:orders http',
        'service:orders → peer:payments http',
      ]);
      expect(recording.rejected.get('duplicate')).toBe(4);
    },
  );

  it('are a pair, whichever comes first', () => {
    const { send, after, signals } = started();
    send(spans.callee);
    send(spans.caller);
    send({ ...spans.caller, trace: 2 });
    send({ ...spans.callee, trace: 2 });
    after(60_000);
    expect(signals.map(({ values }) => values.between)).toEqual([
      { sum_ms: 20, count: 1 },
      { sum_ms: 20, count: 1 },
    ]);
  });

  it('of one without a parent are told as the callee says, when that came first', () => {
    const { send, after, recording } = started();
    send({ ...rest, id: 1 });
    send(call);
    after(60_000);
    expect(recording.edges()).toEqual(['address:10.0.0.5 → peer:payments http']);
  });
});

describe('halves', () => {
  it('of a caller wait, then are told with the address that was connected to', () => {
    const { send, after, recording, observations } = started();
    send(call);
    after(9_999);
    expect(recording.edges()).toEqual([]);
    after(1);
    expect(recording.edges()).toEqual(['service:orders → address:10.0.0.7:8080 http']);
    expect(observations[0]).toMatchObject({ path: '/pay' });
    expect(JSON.stringify(observations)).not.toMatch(/secret|4111/);
    expect(recording.losses.join()).toContain('1 of 1 requests were seen at one end only');
  });

  it('of a caller of a database are told at once', () => {
    const { send, recording } = started();
    send({
      ...call,
      attributes: { 'db.system': 'postgresql', 'net.peer.name': 'db.internal', 'net.peer.port': 5432 },
    });
    expect(recording.edges()).toEqual(['service:orders → address:db.internal:5432 postgres']);
  });

  it('go to the service of this host that listens there', () => {
    const { send, after, recording } = started();
    recording.listeners.set('127.0.0.1:6379', 'redis');
    send({
      ...call,
      attributes: { 'db.system.name': 'redis', 'server.address': 'localhost', 'server.port': 6379 },
    });
    after(60_000);
    expect(recording.edges()).toEqual(['service:orders → service:redis redis']);
  });

  it('of a caller in another network namespace do not take its loopback for ours', () => {
    const { send, after, recording } = started();
    recording.listeners.set('127.0.0.1:15001', 'something-else');
    const mesh = { 'network.peer.address': '127.0.0.1', 'network.peer.port': 15001 };
    send({ ...call, resource: { 'container.id': 'abcdef0123456789' }, attributes: mesh });
    send({
      ...call,
      id: 7,
      resource: {},
      attributes: { ...mesh, 'server.address': 'payments', 'server.port': 80 },
    });
    send({ ...call, id: 8, resource: {}, attributes: { ...mesh, 'service.peer.name': 'stock' } });
    after(60_000);
    expect(recording.edges()).toEqual([
      'peer:orders → address:payments:80 tcp',
      'peer:orders → peer:stock tcp',
    ]);
    expect(recording.losses.join()).toContain('1 requests seen at one end name no address');
  });

  it('of a callee name the peer of the connection', () => {
    const { send, after, recording } = started();
    send({ ...answer, attributes: { ...answer.attributes, 'client.address': '203.0.113.9' } });
    send({
      service: 'shop',
      kind: 'server',
      id: 3,
      attributes: { 'net.sock.peer.addr': '::ffff:10.0.0.9', 'http.method': 'GET' },
    });
    expect(recording.edges()).toEqual(['address:10.0.0.9 → peer:shop http']);
    after(60_000);
    expect(recording.edges()).toContain('address:10.0.0.5 → peer:payments http');
  });

  it('of a consumer ask their broker', () => {
    const { send, after, recording, observations } = started();
    send({
      service: 'mailer',
      kind: 'consumer',
      id: 5,
      attributes: { 'messaging.system': 'rabbitmq', 'server.address': 'mq', 'server.port': 5672 },
    });
    after(60_000);
    expect(recording.edges()).toEqual(['peer:mailer → address:mq:5672 amqp']);
    expect(observations[0]?.latency_ms).toBeUndefined();
  });

  it('give way, the oldest first, when there are too many', () => {
    const { send, after, recording } = started({ waitingSpans: 3 });
    for (let id = 1; id <= 5; id++) send({ ...call, id });
    expect(recording.edges()).toHaveLength(2);
    after(0);
    expect(recording.losses.join()).toContain('2 spans gave way early');
  });
});

describe('spans whose kinds say nothing', () => {
  it('show a dependency of parent and child in two services, and that it is less sure', () => {
    const { send, after, recording } = started();
    send({ ...call, kind: 'internal', attributes: {} });
    send({ ...answer, kind: 'internal' }, { ...answer, id: 3, kind: 'internal' });
    send({ service: 'orders', kind: 'internal', id: 4, parent: 1, resource: onHost });
    after(60_000);
    expect(recording.edges()).toEqual(['service:orders → peer:payments tcp']);
    expect(recording.losses.join()).toContain('1 requests rest on parent and child');
  });

  it('within one process show nothing', () => {
    const { send, after, recording } = started();
    const { parent: _, ...root } = answer;
    send({ ...root, id: 1, service: 'orders' }, { ...answer, service: 'orders' });
    send({ ...answer, id: 9, parent: 8, flags: 0x100 });
    after(60_000);
    expect(recording.edges()).toEqual(['address:10.0.0.5 → peer:orders http']);
  });
});
