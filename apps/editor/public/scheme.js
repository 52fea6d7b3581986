// Runs before the first paint, so that a dark room stays dark. A file, not inline: the page's policy allows scripts from here only.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem('holdfast.theme');
  } catch {
    // Storage may be blocked; the system's preference decides then.
  }
  var isDark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light');
})();
