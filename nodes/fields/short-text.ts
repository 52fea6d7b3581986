import { toPlainText } from '@holdfast/messages';
import type { TextFormat } from '@holdfast/node-kit';

/** An inserted value as people would name it: `{{ nodes.lookup.body.status | upcase }}` is ‹lookup status›. */
function nameOf(expression: string): string {
  const [path = ''] = expression.split('|');
  const parts = path
    .trim()
    .split('.')
    .filter((part) => /^[\w-]+$/.test(part));
  const [root, ...rest] = parts;
  const telling =
    root === 'nodes' && rest.length > 1 ? [rest[0], rest.at(-1)] : [root === 'contact' ? root : undefined, rest.at(-1) ?? root];
  return `‹${telling
    .filter((part) => part !== undefined)
    .join(' ')
    .replaceAll('_', ' ')}›`;
}

/** The first words of a text on one line, for the canvas: inserted values by name, nothing of the template language. */
export function shortText(text: string | undefined, length = 80): string {
  const line = (text ?? '')
    .replace(/\{%[\s\S]*?%\}/g, ' ')
    .replace(/\{\{-?([\s\S]*?)-?\}\}/g, (_, expression: string) => nameOf(expression))
    .replace(/\s+/gu, ' ')
    .trim();
  return line.length <= length ? line : `${line.slice(0, length - 1).trimEnd()}…`;
}

/** The same for a text that may be formatted: without the signs that format it. */
export const shortMessage = (text: string | undefined, format: TextFormat | undefined): string =>
  format === 'rich' ? shortText(toPlainText(shortText(text, 300), 'rich')) : shortText(text);
