/** The first words of a text on one line, for the canvas. */
export function shortText(text: string | undefined, length = 80): string {
  const line = (text ?? '').replace(/\s+/gu, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1).trimEnd()}…`;
}
