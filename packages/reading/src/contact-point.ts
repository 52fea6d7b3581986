import { plainDigits } from './normalise.ts';

const email = /[^\s@<>()[\]",;:]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/u;
const phone = /(?<![\p{L}\p{N}])\+?\d(?:[\s().\u00a0-]{0,2}\d){6,14}(?!\d)/u;

/** The first email address in a text, its host in small letters; null when there is none. */
export function readEmail(text: string): string | null {
  const found = email.exec(text.slice(0, 5_000))?.[0];
  if (found === undefined) return null;
  const at = found.lastIndexOf('@');
  return `${found.slice(0, at)}${found.slice(at).toLowerCase()}`;
}

/** The first phone number in a text: 7 to 15 digits, as E.164 where the country code is given (`+` or `00`). */
export function readPhone(text: string): string | null {
  const found = phone.exec(plainDigits(text.slice(0, 5_000).normalize('NFKC')))?.[0];
  if (found === undefined) return null;
  const digits = found.replace(/\D/g, '');
  if (found.startsWith('+')) return `+${digits}`;
  return digits.startsWith('00') && digits.length > 9 ? `+${digits.slice(2)}` : digits;
}
