import { editor, Range } from 'monaco-editor/editor.js';
import { longHex } from './long-hex.ts';
import 'monaco-editor/features/bracketMatching/register.js';
import 'monaco-editor/features/clipboard/register.js';
import 'monaco-editor/features/find/register.js';
import 'monaco-editor/features/format/register.js';
import 'monaco-editor/features/linesOperations/register.js';
import 'monaco-editor/features/multicursor/register.js';
import 'monaco-editor/languages/definitions/sql/register.js';
import 'monaco-editor/languages/features/json/register.js';
// oxlint-disable-next-line import/default -- Vite makes a constructor of a `?worker` import
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
// oxlint-disable-next-line import/default -- as above
import JsonWorker from 'monaco-editor/languages/features/json/json.worker.js?worker';

// Both workers come from our own address: the page's policy allows no other, and a flow is edited offline too.
globalThis.MonacoEnvironment = { getWorker: (_id: string, label: string) => (label === 'json' ? new JsonWorker() : new EditorWorker()) };

// The build shortens #ffffff to #fff, which the editor's themes refuse.
const token = (name: string): string => longHex(getComputedStyle(document.documentElement).getPropertyValue(name).trim());

/** The editor in the product's colours; called again when light and dark change. */
export function applyTheme(): void {
  const isDark = document.documentElement.getAttribute('data-mantine-color-scheme') === 'dark';
  editor.defineTheme('holdfast', {
    base: isDark ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [],
    colors: {
      'editor.background': token('--surface-1'),
      'editor.foreground': token('--text-1'),
      'editorLineNumber.foreground': token('--text-3'),
      'editorCursor.foreground': token('--brand'),
      'editor.lineHighlightBackground': token('--surface-0'),
      'editorWidget.background': token('--surface-1'),
      'editorWidget.border': token('--line'),
      focusBorder: token('--brand'),
    },
  });
  editor.setTheme('holdfast');
}

export { editor, Range };
