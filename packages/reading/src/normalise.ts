// Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, the Arabic tatweel. Vowel signs of Indic scripts and
// the kana voicing marks stay: without them other words would come out.
const accents = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]/gu;
const invisible = /\p{Cf}+/gu;
const folded: Readonly<Record<string, string>> = { ß: 'ss', ı: 'i', ø: 'o', ł: 'l', đ: 'd', æ: 'ae', œ: 'oe', ς: 'σ' };
const foldable = /[ßıøłđæœς]/gu;

/** First digits of the decimal digit blocks that chats use. Full-width digits are folded by NFKD already. */
const zeros = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040, 0x17e0, 0x1810,
];

/** Digits of any script as 0 to 9: Arabic-Indic, Devanagari, Thai… */
export const plainDigits = (text: string): string =>
  text.replace(/\p{Nd}/gu, (digit) => {
    const point = digit.codePointAt(0) ?? 0;
    const zero = zeros.find((first) => point >= first && point < first + 10);
    return zero === undefined ? digit : String(point - zero);
  });

/** A text without case, accents, invisible characters and script-specific digits, for comparing; not for showing. */
export const normalise = (text: string): string =>
  plainDigits(text.normalize('NFKD').replace(invisible, '').replace(accents, '').normalize('NFC').toLowerCase())
    .replace(accents, '')
    .replace(foldable, (letter) => folded[letter] ?? letter)
    .replace(/\s+/gu, ' ')
    .trim();
