/**
 * Edits (insert, delete, replace, swap two neighbours) between two words; stops counting above `limit`.
 * Optimal string alignment: a swap is one slip of the fingers, Levenshtein would count it as two.
 */
export function editDistance(left: string, right: string, limit: number): number {
  const a = [...left];
  const b = [...right];
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let previous: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replace = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(previous, j - 2) + 1 : Infinity;
      next.push(Math.min(at(row, j) + 1, at(next, j - 1) + 1, replace, swap));
    }
    if (Math.min(...next) > limit) return limit + 1;
    previous = row;
    row = next;
  }
  return at(row, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity;

/** Whether a written word can be a mistyped `wanted`: none below 4 letters, 1 up to 7, 2 above. */
export function isNear(written: string, wanted: string): boolean {
  if (written === wanted) return true;
  if (written.length > 64) return false;
  const limit = limitFor(wanted);
  return limit > 0 && Math.abs(written.length - wanted.length) <= limit * 2 && editDistance(written, wanted, limit) <= limit;
}

function limitFor(wanted: string): number {
  const length = wanted.length < 4 ? wanted.length : [...wanted].length;
  return length < 4 ? 0 : length < 8 ? 1 : 2;
}
