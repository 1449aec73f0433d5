import { remember, remembered } from './kept-choice.ts';

/** Dark unless somebody chose otherwise on this machine: walls hang in dark rooms. */
export type Theme = 'dark' | 'light';

const key = 'netring-theme';

/** The theme of the page, kept in this browser. */
export function createTheme() {
  const first: Theme = remembered(key) === 'light' ? 'light' : 'dark';
  let current = $state<Theme>(first);
  apply(first);
  return {
    get current() {
      return current;
    },
    toggle() {
      current = current === 'dark' ? 'light' : 'dark';
      apply(current);
      remember(key, current);
    },
  };
}

function apply(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  document
    .querySelector('meta[name="theme-color"]')
    ?.setAttribute('content', theme === 'dark' ? '#0a0e13' : '#f4f6f9');
}
