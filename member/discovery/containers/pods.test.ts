import { expect, it } from 'vitest';
import { servicesOf } from './facts.ts';
import { containersOfPods, listedPods } from './pods.ts';

const id = (digit: string) => digit.repeat(64);
const pod = (name: string, more: object, status: object = {}) => ({
  metadata: { name, namespace: 'shop', uid: `uid-${name}`, ...more },
  spec: {},
  status: {
    phase: 'Running',
    podIP: '10.244.1.7',
    podIPs: [{ ip: '10.244.1.7' }, { ip: 'fd00::7' }],
    containerStatuses: [{ containerID: `containerd://${id('a')}`, state: { running: {} } }],
    ...status,
  },
});
const read = (...items: object[]) => containersOfPods(listedPods.parse({ items }).items);

it.each([
  ['its label', pod('x', { labels: { 'app.kubernetes.io/name': 'orders', app: 'no' } }), 'orders', 'label'],
  [
    'the Deployment behind its ReplicaSet',
    pod('orders-5d-x', {
      labels: { 'pod-template-hash': '5d' },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'orders-5d' }],
    }),
    'orders',
    'container',
  ],
  [
    'its StatefulSet',
    pod('db-0', { ownerReferences: [{ kind: 'StatefulSet', name: 'db' }] }),
    'db',
    'container',
  ],
  [
    'its CronJob',
    pod('n-29384756-abcde', { ownerReferences: [{ kind: 'Job', name: 'n-29384756' }] }),
    'n',
    'container',
  ],
  ['itself', pod('lonely', {}), 'lonely', 'container'],
])('a pod is named by %s', (_, found, name, rule) => {
  expect(read(found)).toEqual([expect.objectContaining({ name, rule, id: id('a') })]);
});

it('tells addresses that other nodes reach, and all its containers', () => {
  const status = {
    containerStatuses: [
      { containerID: `containerd://${id('a')}` },
      { containerID: `cri-o://${id('b')}` },
      {},
    ],
  };
  const services = servicesOf(read(pod('web-1', { labels: { app: 'web' } }, status)));
  expect(services).toEqual([
    expect.objectContaining({
      container_id: id('a'),
      addresses: ['10.244.1.7', 'fd00::7'],
      reach: 'location',
    }),
    expect.objectContaining({ container_id: id('b'), name: 'web', start_mode: 'kubernetes' }),
  ]);
});

it('does not take the node’s address for its own, nor pods that do not run', () => {
  const onHost = { ...pod('agent', { labels: { app: 'agent' } }), spec: { hostNetwork: true } };
  expect(read(onHost)[0]?.addresses).toEqual([]);
  expect(read(pod('done', { labels: { app: 'done' } }, { phase: 'Succeeded' }))).toEqual([]);
});

it('two namespaces with a service of one name have two services', () => {
  const [a] = read(pod('db-0', { labels: { app: 'db' } }));
  const [b] = read(pod('db-1', { labels: { app: 'db' }, namespace: 'office' }));
  if (a === undefined || b === undefined) throw new Error('no containers');
  expect(servicesOf([a, { ...b, id: id('b') }]).map(({ name }) => name)).toEqual(['shop-db', 'office-db']);
});
