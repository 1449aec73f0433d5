import { expect, test } from 'vitest';
import { takesKeys } from './is-typing.ts';

test.for([
  ['INPUT', null, true],
  ['INPUT', 'search', true],
  ['INPUT', 'password', true],
  ['INPUT', 'datetime-local', true],
  ['INPUT', 'range', false],
  ['INPUT', 'CHECKBOX', false],
  ['TEXTAREA', null, true],
  ['SELECT', null, true],
  ['BUTTON', 'submit', false],
  ['CANVAS', null, false],
] as const)('keys in %s of type %s are its own: %s', ([tag, type, own]) => {
  expect(takesKeys(tag, type)).toBe(own);
});
