const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Parts of at most `limit` UTF-16 units, cut at a paragraph, else a line, else a sentence, else a word, else between two characters as people
 * see them. What is cut at is white space only, so nothing that can be read is lost.
 */
export function splitText(text: string, limit: number): string[] {
  const parts: string[] = [];
  let rest = text.trimEnd();
  while (rest.length > limit) {
    const end = cutAt(rest, limit);
    const part = rest.slice(0, end).trimEnd();
    if (part !== '') parts.push(part);
    rest = rest.slice(end).trimStart();
  }
  if (rest !== '') parts.push(rest);
  return parts;
}

function cutAt(text: string, limit: number): number {
  const window = text.slice(0, limit + 1);
  // A cut in the first half would make many small parts for the sake of a paragraph.
  for (const boundary of [/\n\s*\n/g, /\n/g, /[.!?…。！？]\s/g, /\s/g]) {
    const last = [...window.matchAll(boundary)].at(-1);
    const end = last ? last.index + last[0].trimEnd().length : 0;
    if (end > limit / 2 && end <= limit) return end;
  }
  return lastGraphemeEnd(window, limit);
}

function lastGraphemeEnd(window: string, limit: number): number {
  let end = 0;
  for (const { index, segment } of graphemes.segment(window)) {
    if (index + segment.length > limit) break;
    end = index + segment.length;
  }
  if (end > 0) return end;
  // One "character" longer than a whole message (stacked accents): cut between code points.
  const code = window.charCodeAt(limit - 1);
  return code >= 0xd800 && code <= 0xdbff ? limit - 1 : limit;
}
