import { spellOutLinks, type Laid } from './lay-out.ts';

// WhatsApp knows no escape sign. An invisible character on both sides of a sign keeps it from opening anything.
const guard = '\u200B';

/** A text with WhatsApp's own signs: *bold*, _italic_, ~strike~, `code` and ``` blocks. Signs that are meant as characters stay such. */
export function whatsAppMarkup(laid: readonly Laid[]): string {
  const spans = spellOutLinks(laid);
  return spans
    .map((span, index) => {
      if (span.pre !== undefined) return `\`\`\`${span.text.replaceAll('```', `\`${guard}\`\``)}\`\`\``;
      if (span.code) return markCode(span.text);
      const isAtLineStart = index === 0 || (spans[index - 1]?.text.endsWith('\n') ?? false);
      return span.text
        .split('\n')
        .map((line, nth) => markLine(guardSigns(line, nth > 0 || isAtLineStart), span))
        .join('\n');
    })
    .join('');
}

const markCode = (code: string): string =>
  code.includes('`') || code.includes('\n') ? `\`\`\`${code.replaceAll('```', `\`${guard}\`\``)}\`\`\`` : `\`${code}\``;

/** WhatsApp formats within a line only, and only where a sign touches its words. */
function markLine(line: string, { bold, italic, strike }: Laid): string {
  const words = line.trim();
  if (words === '') return line;
  const signs = `${bold ? '*' : ''}${italic ? '_' : ''}${strike ? '~' : ''}`;
  const lead = line.slice(0, line.length - line.trimStart().length);
  return `${lead}${signs}${words}${[...signs].toReversed().join('')}${line.slice(line.trimEnd().length)}`;
}

const address = /https?:\/\/\S+/giu;
const opener = /(?<![\p{L}\p{N}])([*_~]|`{1,3})(?=\S)/gu;

/** Only signs that could open something, and only if the line holds the same sign again; addresses stay as they are. */
function guardSigns(line: string, isLineStart: boolean): string {
  const addresses = [...line.matchAll(address)].map((found) => [found.index, found.index + found[0].length] as const);
  const guarded = line.replaceAll(opener, (sign, _sign: string, at: number) => {
    const isAlone = line.indexOf(sign, at + sign.length) < 0;
    const isInAddress = addresses.some(([start, end]) => at >= start && at < end);
    return isAlone || isInAddress ? sign : `${guard}${sign}${guard}`;
  });
  return isLineStart && guarded.startsWith('> ') ? `${guard}${guarded}` : guarded;
}
