import { describe, expect, it } from 'vitest';
import { nameOfContainer, withoutHash } from './names.ts';

it.each([
  ['orders-7d9f8b6c5d-x2x4z', 'orders'],
  ['orders-api-56d8f7c9b4-zk2lp', 'orders-api'],
  ['shop_orders.1.k3j4h5k3j4h5k3j4h5k3j4h5k', 'shop_orders'],
  ['web-0f8fad5b-d9cb-469f-a165-70867728950e', 'web'],
  ['web_3f2a91b4c5d6', 'web'],
  ['redis-6379', 'redis-6379'],
  ['db-1', 'db-1'],
  ['feedback-facade', 'feedback-facade'],
  ['cache-deadbeefcafe', 'cache-deadbeefcafe'],
  ['-7d9f8b6c5d-x2x4z', '-7d9f8b6c5d-x2x4z'],
])('%s without its hash is %s', (name, expected) => {
  expect(withoutHash(name)).toBe(expected);
});

describe('a container is named', () => {
  it('by the label that people gave it, before those of Compose and Kubernetes', () => {
    const labels = { app: 'c', 'com.docker.compose.service': 'b', 'netring.service': 'a' };
    expect(nameOfContainer(labels, 'x')).toEqual({ name: 'a', rule: 'label' });
    expect(nameOfContainer({ ...labels, 'netring.service': ' ' }, 'x')).toEqual({ name: 'b', rule: 'label' });
  });

  it('by its own name without hash, and without what could harm a terminal', () => {
    expect(nameOfContainer({}, 'pay-7d9f8b6c5d-x2x4z')).toEqual({ name: 'pay', rule: 'container' });
    expect(nameOfContainer({ app: '\u001b[31mred\u202e' }, 'x')).toEqual({ name: '[31mred', rule: 'label' });
    expect(nameOfContainer({}, '')).toBeUndefined();
  });
});
