const maxLength = 2_000;
const allowed = /^(?:https?:\/\/[^\s/?#]|mailto:[^\s]|tel:[+\d])/i;

/** Whether a channel may be told to open this: nothing that runs, nothing that reads files. */
export const isLink = (address: string): boolean => address.length <= maxLength && allowed.test(address) && !/[\s\p{Cc}<>"]/u.test(address);

/** Characters that would end an address or lead out of it, encoded; what is encoded already stays. */
export const addressPart = (value: string): string =>
  value
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}<>"'`\\^{|}]|[^\0-\x7f]/gu, (character) => encodeURIComponent(character).replaceAll("'", '%27'));

const bare = /https?:\/\/[^\s<>"*]+/giu;

/** Where addresses stand in a plain text, without the punctuation behind them. */
export function findLinks(text: string): { start: number; end: number }[] {
  return [...text.matchAll(bare)].flatMap((found) => {
    const length = addressLength(found[0]);
    return length > 0 && isLink(found[0].slice(0, length)) ? [{ start: found.index, end: found.index + length }] : [];
  });
}

/** How much of it is the address: not the full stop behind it, nor a bracket that nothing inside opened. */
export function addressLength(text: string): number {
  let end = text.length;
  for (; end > 0; end -= 1) {
    const last = text[end - 1] ?? '';
    if (/[.,;:!?'"*_~\]]/.test(last)) continue;
    if (last === ')' && !text.slice(0, end).includes('(')) continue;
    break;
  }
  return end;
}
