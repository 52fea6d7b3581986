import { createRequire } from 'node:module';
import type { TFontDictionary } from 'pdfmake/interfaces.js';
import { openSync, type Font } from 'fontkit';

const { resolve } = createRequire(import.meta.url);
const noto = (folder: string): string => resolve(`@expo-google-fonts/noto-sans/${folder}/NotoSans_${folder}.ttf`);
const dejaVu = (name: string): string => resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);

/**
 * Noto Sans (SIL Open Font License) covers Latin with all its accents, Greek, Cyrillic, Vietnamese and Devanagari; DejaVu Sans Condensed (Bitstream Vera
 * licence) what it lacks: arrows, ticks, mathematics. Neither has Chinese, Japanese, Korean, Thai, Ethiopic or coloured pictures; Hebrew and Arabic are
 * written from right to left, which the layout cannot do.
 */
export const fonts = {
  body: {
    normal: noto('400Regular'),
    bold: noto('700Bold'),
    italics: noto('400Regular_Italic'),
    bolditalics: noto('700Bold_Italic'),
  },
  signs: {
    normal: dejaVu('DejaVuSansCondensed'),
    bold: dejaVu('DejaVuSansCondensed-Bold'),
    italics: dejaVu('DejaVuSansCondensed-Oblique'),
    bolditalics: dejaVu('DejaVuSansCondensed-BoldOblique'),
  },
} satisfies TFontDictionary;
export const fontFiles: ReadonlySet<string> = new Set(Object.values(fonts).flatMap((family) => Object.values(family)));

export type Family = keyof typeof fonts;
const opened = new Map<Family, Font>();

function hasGlyph(family: Family, character: string): boolean {
  let font = opened.get(family);
  if (!font) {
    const file = openSync(fonts[family].normal);
    if (!('hasGlyphForCodePoint' in file)) throw new Error(`${fonts[family].normal} holds several fonts.`);
    font = file;
    opened.set(family, font);
  }
  return font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0);
}

/** Scripts whose letters join or run from right to left: their glyphs alone would stand in the wrong order. */
const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
/** Takes part in the layout without being drawn. */
const undrawn = /[\s\p{Cc}\p{Cf}\p{M}]/u;

export interface FontRun {
  text: string;
  family: Family;
}

/** A text in pieces of one font each; what no font can show is told to `onMissing`. */
export function splitByFont(text: string, onMissing: (character: string) => void): FontRun[] {
  const runs: FontRun[] = [];
  for (const character of text) {
    const last = runs.at(-1);
    const family = familyOf(character, last?.family ?? 'body', onMissing);
    if (last?.family === family) last.text += character;
    else runs.push({ text: character, family });
  }
  return runs;
}

function familyOf(character: string, before: Family, onMissing: (character: string) => void): Family {
  if (undrawn.test(character)) return before;
  if (rightToLeft.test(character)) {
    onMissing(character);
    return 'body';
  }
  if (hasGlyph('body', character)) return 'body';
  if (hasGlyph('signs', character)) return 'signs';
  onMissing(character);
  return 'body';
}
