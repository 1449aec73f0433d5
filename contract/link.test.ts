import { expect, it } from 'vitest';
import { linkPush, watcherRequest } from './link.ts';

it.each([
  ['one sample', 5, true],
  ['samples that were summed up', { count: 2, last: 4, min: 1, max: 4, avg: 2.5 }, true],
  ['a least above the greatest', { count: 1, last: 5, min: 10, max: 1, avg: 5 }, false],
  ['a mean that lies outside', { count: 2, last: 1, min: 1, max: 4, avg: 99 }, false],
])('pushed as a metric: %s', (_what, sample, isTaken) => {
  const links = [{ active: 'a', passive: 'b', up: { queue_depth: sample } }];
  expect(linkPush.safeParse({ links }).success).toBe(isTaken);
});

it('refuses a watcher with a misspelt filter, which would get all links', () => {
  const url = 'https://hooks.example.com/';
  expect(watcherRequest.safeParse({ url, nodes: ['us1/orders'] }).success).toBe(true);
  expect(watcherRequest.safeParse({ url, node: ['us1/orders'] }).success).toBe(false);
});
