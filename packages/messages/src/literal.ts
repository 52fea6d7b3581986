// Noncharacters: Unicode keeps them for a program's own use, so no text that people write holds them.
const open = '\uFDD0';
const close = '\uFDD1';
const either = /[\uFDD0\uFDD1]/g;

/**
 * A value as it goes into a formatted text: whatever it holds stays characters. `parseRichText` reads none of its signs and
 * none of its line breaks as formatting.
 */
export const literally = (value: string): string => open + value.replaceAll(either, '') + close;

export const withoutLiteralMarks = (text: string): string => text.replaceAll(either, '');

/** A text with inserted values, and which of its characters came with one. The marks themselves stay, as letters that are not shown. */
export interface Source {
  text: string;
  isLiteral: (at: number) => boolean;
}

export function readSource(given: string): Source {
  const text = given.replaceAll(/\r\n?/g, '\n');
  if (!text.includes(open)) return { text, isLiteral: () => false };
  const literal = new Uint8Array(text.length);
  let isInside = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === open) isInside = true;
    literal[at] = isInside || text[at] === close ? 1 : 0;
    if (text[at] === close) isInside = false;
  }
  return { text, isLiteral: (at) => literal[at] === 1 };
}
