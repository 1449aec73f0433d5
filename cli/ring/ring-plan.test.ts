import { expect, test } from 'vitest';
import { planRing, type RingOptions } from './ring-plan.ts';

const options: RingOptions = {
  port: 8756,
  folder: '/ring',
  addressBlock: '127.0',
  memberPort: 8757,
  shopPort: 18_080,
  withShop: true,
};

const places = (planned: ReturnType<typeof planRing>) =>
  Object.fromEntries(planned.map(({ name, place }) => [name, `${place?.host}:${place?.port}`]));

test('every location has an address of its own, and the shop is spread over them', () => {
  expect(places(planRing(options))).toEqual({
    registry: '127.0.0.1:8756',
    us1: '127.0.1.1:8757',
    eu1: '127.0.2.1:8757',
    ap1: '127.0.3.1:8757',
    stock: '127.0.1.1:18083',
    payments: '127.0.3.1:18082',
    orders: '127.0.2.1:18081',
    web: '127.0.1.1:18080',
    customer: '127.0.9.1:0',
  });
});

test('another block and other ports clash with none of these', () => {
  const other = planRing({ ...options, port: 1, memberPort: 2, shopPort: 3, addressBlock: '127.7' });
  const ours = new Set(Object.values(places(planRing(options))));
  expect(Object.values(places(other)).filter((place) => ours.has(place))).toEqual([]);
});

test('the registry is started first, and the shop can be left out', () => {
  const roles = planRing({ ...options, withShop: false }).map(({ role }) => role);
  expect(roles).toEqual(['registry', 'member', 'member', 'member']);
});
