import { chooseZone, type Zone } from '../words/zone.ts';
import { remember, remembered } from './kept-choice.ts';

const key = 'netring-zone';

/** The zone in which times are told, kept in this browser. What tells times is drawn anew when it changes. */
export function createZone() {
  let current = $state<Zone>(remembered(key) === 'utc' ? 'utc' : 'local');
  chooseZone(current);
  return {
    get current() {
      return current;
    },
    toggle() {
      const next = current === 'utc' ? 'local' : 'utc';
      chooseZone(next);
      current = next;
      remember(key, next);
    },
  };
}
