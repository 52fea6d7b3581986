/** The id out of a spreadsheet's address, or the id itself; null for what is neither. */
export function spreadsheetId(text: string): string | null {
  const trimmed = text.trim();
  const inAddress = /\/spreadsheets\/(?:u\/\d+\/)?d\/([\w-]{10,})/.exec(trimmed)?.[1];
  return inAddress ?? (/^[\w-]{10,}$/.test(trimmed) ? trimmed : null);
}

/** `C`, `AA`: the letters of the column, counted from 0. */
export function columnLetters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : `${columnLetters(Math.floor(index / 26) - 1)}${last}`;
}

/** A range as Google writes it; without a sheet's name it is the first sheet. */
export const rangeOf = (sheet: string, cells: string): string =>
  sheet.trim() === '' ? cells : `'${sheet.trim().replaceAll("'", "''")}'!${cells}`;
