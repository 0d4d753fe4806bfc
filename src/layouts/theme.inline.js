/* global addEventListener, document, HTMLScriptElement, localStorage */
try {
  const theme = localStorage.getItem('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  /* Storage is blocked: the system's setting decides. */
}

// Where a script of the page does not come, as in a copy on disk, its controls do nothing: a sentence says so.
addEventListener(
  'error',
  ({ target }) => {
    if (target instanceof HTMLScriptElement) document.documentElement.dataset.scripts = 'failed';
  },
  true,
);
