import { expect, test } from 'vitest';
import { terminalText } from './terminal-text.ts';

test.each([
  ['us1', 'us1'],
  ['Zürich 東京', 'Zürich 東京'],
  ['\u001b[2Jgone', '�[2Jgone'],
  ['a\nb\rc\td', 'a�b�c�d'],
  ['\u202eback\u200bwards\u2028', '�back�wards�'],
  ['\u009b31m', '�31m'],
])('%j is shown as %j', (text, shown) => {
  expect(terminalText(text)).toBe(shown);
});
