/** A cell as data: a date is `2026-11-23`, or `2026-11-23T10:30:00` with a time; sheets know no time zone. */
export type Cell = string | number | boolean | null;

export interface SheetToRead {
  content: Uint8Array;
  /** Its name, for what is said about it. */
  name: string;
  /** `auto`: by its first bytes. */
  format: 'auto' | 'xlsx' | 'csv';
  /** A sheet's name, or its number from 1; empty is the first one. */
  sheet: string;
  /** The row with the names of the columns, from 1; 0: there is none, and columns are called A, B, C. */
  headerRow: number;
  /** Rows beyond these are counted and not read. */
  maxRows: number;
  /** `text`: every cell stays a text. `guess`: numbers and yes or no become such; what begins with a zero or a plus stays a text. */
  types: 'guess' | 'text';
  csv: { delimiter: 'auto' | ',' | ';' | '\t' | '|'; encoding: 'auto' | 'utf-8' | 'windows-1252' | 'utf-16le' };
}

export interface SheetRead {
  columns: string[];
  rows: Record<string, Cell>[];
  /** Rows below the header that hold something. */
  count: number;
  hasMore: boolean;
  /** The names of all sheets; empty for csv. */
  sheets: string[];
}

/** A date and time is written as such where its column says so. */
export interface SheetColumn {
  label: string;
  as: 'auto' | 'text' | 'number' | 'date';
}

export interface SheetToWrite {
  format: 'xlsx' | 'csv';
  /** The name on the tab. */
  sheet: string;
  columns: readonly SheetColumn[];
  rows: readonly (readonly Cell[])[];
  csv: {
    delimiter: ',' | ';' | '\t' | '|';
    /** `utf-8-bom` is what spreadsheet programs open rightly by a double click. */
    encoding: 'utf-8' | 'utf-8-bom' | 'windows-1252' | 'utf-16le';
    hasHeader: boolean;
    /** False: written for a program that reads it as it is; a spreadsheet may then calculate what customers wrote. */
    neutralises: boolean;
  };
}
