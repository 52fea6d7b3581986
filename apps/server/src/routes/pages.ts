import { HoldfastError, say } from '@holdfast/errors';

/** A page of rows read with a limit one higher than asked: the extra row says whether there are more. */
export function pageOf<T>(rows: T[], limit: number, cursorOf: (row: T) => string): { items: T[]; next: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

/** The cursor of a list by time: rows may move up in it, so it holds the time too. Throws request.invalid. */
export function parseTimeCursor(cursor: string | undefined): { at: string; id: string } | null {
  if (cursor === undefined) return null;
  const [at = '', id = ''] = cursor.split('~');
  if (Number.isNaN(Date.parse(at)) || id === '')
    throw new HoldfastError('request.invalid', { detail: say`"${cursor}" is not a cursor of this list.`, path: 'cursor' });
  return { at, id };
}
