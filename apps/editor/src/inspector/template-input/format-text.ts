import type { TextEdit } from './edit-text.ts';

export type Formatting = 'bold' | 'italic' | 'list' | 'link';

const marks = { bold: '**', italic: '_' } as const;

/** Formats what is selected, or takes its formatting away; with nothing selected the caret goes where the words will stand. */
export function formatText(text: string, selection: readonly [number, number], formatting: Formatting): TextEdit {
  if (formatting === 'list') return toggleList(text, selection);
  const [start, end] = trimmed(text, selection);
  const words = text.slice(start, end);
  if (formatting === 'link') {
    const inserted = `[${words}](https://)`;
    return { text: text.slice(0, start) + inserted + text.slice(end), caret: start + (words === '' ? 1 : inserted.length - 1) };
  }
  const mark = marks[formatting];
  const isAround = text.slice(start - mark.length, start) === mark && text.slice(end, end + mark.length) === mark;
  if (isAround && start >= mark.length)
    return { text: text.slice(0, start - mark.length) + words + text.slice(end + mark.length), caret: end - mark.length };
  return {
    text: text.slice(0, start) + mark + words + mark + text.slice(end),
    caret: words === '' ? start + mark.length : end + 2 * mark.length,
  };
}

/** A sign that does not touch its words formats nothing. */
function trimmed(text: string, [from, to]: readonly [number, number]): [number, number] {
  const words = text.slice(from, to);
  if (words.trim() === '') return [to, to];
  return [from + words.length - words.trimStart().length, from + words.trimEnd().length];
}

function toggleList(text: string, [from, to]: readonly [number, number]): TextEdit {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const next = text.indexOf('\n', to);
  const end = next < 0 ? text.length : next;
  const lines = text.slice(start, end).split('\n');
  const isList = lines.every((line) => line.startsWith('- '));
  const changed = lines.map((line) => (isList ? line.slice(2) : line.startsWith('- ') ? line : `- ${line}`)).join('\n');
  return { text: text.slice(0, start) + changed + text.slice(end), caret: start + changed.length };
}

/** The shortcuts of a text field that formats: Ctrl or ⌘ with B, I or K. */
export function formattingOf(event: {
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  key: string;
}): Formatting | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return null;
  const keys: Record<string, Formatting> = { b: 'bold', i: 'italic', k: 'link' };
  return keys[event.key.toLowerCase()] ?? null;
}
