/**
 * A name in a bucket, of what staff wrote and values filled in: no way up or out of its folder, nothing that is not seen, no empty parts.
 * Empty when nothing is left; at most 1,024 bytes, which is what S3 takes.
 */
export function objectKey(given: string): string {
  const parts = given
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
    .replaceAll('\\', '/')
    .split('/')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  return shorten(parts.join('/'));
}

const encoder = new TextEncoder();
function shorten(key: string): string {
  let short = key;
  while (encoder.encode(short).length > 1_024) short = [...short].slice(0, -1).join('');
  return short;
}

/** The key as a path: each part encoded as S3 signs it, so that none of it can mean anything else. */
export const pathOf = (key: string): string =>
  key
    .split('/')
    .map((part) => encodeURIComponent(part).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`))
    .join('/');
