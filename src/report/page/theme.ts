/** Light and dark: follows the system until the reader chooses. */

const listeners: (() => void)[] = [];

/** Called after the colours have changed. */
export function onThemeChange(listener: () => void): void {
  listeners.push(listener);
}

/** A colour of the style sheet: `cssColour('ink')` is the value of --ink. */
export function cssColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function reducedMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

const systemDark = matchMedia('(prefers-color-scheme: dark)');

function chosen(): string | null {
  return document.documentElement.getAttribute('data-theme');
}

function isDark(): boolean {
  return chosen() === null ? systemDark.matches : chosen() === 'dark';
}

function announce(button: HTMLElement | null): void {
  button?.setAttribute('aria-pressed', String(isDark()));
  for (const listener of listeners) listener();
}

/** Wires the button, the system's wish and printing, which is always on white. */
export function setUpTheme(): void {
  const button = document.getElementById('theme');
  const set = (theme: string | null) => {
    if (theme === null) document.documentElement.removeAttribute('data-theme');
    else document.documentElement.setAttribute('data-theme', theme);
    announce(button);
  };
  button?.addEventListener('click', () => set(isDark() ? 'light' : 'dark'));
  systemDark.addEventListener('change', () => announce(button));
  let before: string | null = null;
  addEventListener('beforeprint', () => {
    before = chosen();
    set('light');
  });
  addEventListener('afterprint', () => set(before));
  button?.setAttribute('aria-pressed', String(isDark()));
}
