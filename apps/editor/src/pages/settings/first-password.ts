// Without letters and digits that look alike. 31 signs of 256 values: the slight bias costs less than a tenth of a bit.
const signs = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A first password to read out or copy: 16 signs in groups of four, from as many random bytes. */
export function firstPassword(random: Uint8Array): string {
  const letters = [...random].map((byte) => signs[byte % signs.length]);
  return (letters.join('').match(/.{1,4}/g) ?? []).join('-');
}
