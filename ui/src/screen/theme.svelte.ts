/** Dark unless somebody chose otherwise on this machine: walls hang in dark rooms. */
export type Theme = 'dark' | 'light';

const key = 'netring-theme';

/** The theme of the page, kept in this browser. */
export function createTheme() {
  const first = remembered();
  let current = $state<Theme>(first);
  apply(first);
  return {
    get current() {
      return current;
    },
    toggle() {
      current = current === 'dark' ? 'light' : 'dark';
      apply(current);
      remember(current);
    },
  };
}

function apply(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  document
    .querySelector('meta[name="theme-color"]')
    ?.setAttribute('content', theme === 'dark' ? '#0a0e13' : '#f4f6f9');
}

function remembered(): Theme {
  try {
    return localStorage.getItem(key) === 'light' ? 'light' : 'dark';
  } catch {
    // Storage may be forbidden to the page; the choice then lasts as long as the page.
    return 'dark';
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // As above: the page goes on with the choice.
  }
}
