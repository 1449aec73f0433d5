import { expect, test } from 'vitest';
import { createDayBudget } from './budget.ts';

test('bytes that are spent come free again a day later, hour by hour', () => {
  const hour = 3_600_000;
  let nowMs = 0;
  const budget = createDayBudget(1000, () => nowMs);
  expect(budget.left()).toBe(1000);
  budget.spend(300);
  budget.spend(100);
  nowMs = 5 * hour;
  budget.spend(700);
  expect(budget.left()).toBe(0);
  nowMs = 24 * hour;
  expect(budget.left()).toBe(300);
  nowMs = 29 * hour;
  expect(budget.left()).toBe(1000);
});
