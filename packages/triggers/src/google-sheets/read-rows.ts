import { createHash } from 'node:crypto';
import { HoldfastError } from '@holdfast/errors';
import type { JsonObject } from '@holdfast/node-kit';
import type { Cell, SheetClient } from '@holdfast/nodes/google-sheets/sheet-client';
import { ownColumn } from '@holdfast/nodes/google-sheets/write-together';
import type { SheetRow } from './find-changes.ts';

export interface ReadSheet {
  columns: string[];
  lines: Cell[][];
  /** How many calls it took. */
  reads: number;
}

/** The whole sheet, in pieces; the first row names the columns. */
export async function readSheet(client: SheetClient, atOnce: number): Promise<ReadSheet> {
  const lines: Cell[][] = [];
  let reads = 0;
  for (let from = 1; ; from += atOnce) {
    const piece = await readPiece(client, from, atOnce);
    reads += 1;
    lines.push(...Array.from(piece));
    if (piece.length < atOnce) break;
  }
  const [first = [], ...rest] = lines;
  return { columns: first.map((cell) => String(cell).trim()), lines: rest, reads };
}

async function readPiece(client: SheetClient, from: number, count: number): Promise<Cell[][]> {
  try {
    return await client.read(`${from}:${from + count - 1}`);
  } catch (error) {
    // A sheet that ends exactly where the piece before ended.
    if (from > 1 && error instanceof HoldfastError && error.detail.includes('exceeds grid limits')) return [];
    throw error;
  }
}

export interface Looking {
  /** Names of the columns of which each change counts. */
  counting: readonly string[];
  keyColumn: string;
}

export const isSameName = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase();

/** Rows with something in them; with a key column, those that have a key. */
export function rowsOf({ columns, lines }: Pick<ReadSheet, 'columns' | 'lines'>, { counting, keyColumn }: Looking): SheetRow[] {
  const places = counting.map((name) => columns.findIndex((column) => isSameName(column, name)));
  const keyAt = keyColumn === '' ? -1 : columns.findIndex((column) => isSameName(column, keyColumn));
  return lines.flatMap((cells, index) => {
    const name = keyAt < 0 ? '' : String(cells[keyAt] ?? '').trim();
    const isEmpty = keyColumn === '' ? columns.every((column, at) => column === ownColumn || (cells[at] ?? '') === '') : name === '';
    if (isEmpty) return [];
    const counted = places.map((at) => (at < 0 ? '' : (cells[at] ?? '')));
    return [
      {
        key: keyColumn === '' ? '' : shortHash(name),
        hash: shortHash(JSON.stringify(counted)),
        position: index + 2,
        name,
        values: namedCells(columns, cells),
      },
    ];
  });
}

/** 128 bits: no two of a sheet's rows are alike by chance, and what stood in them can't be read out of it. */
const shortHash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

const namedCells = (columns: readonly string[], cells: readonly Cell[]): JsonObject =>
  Object.fromEntries(columns.flatMap((name, index) => (name === '' || name === ownColumn ? [] : [[name, cells[index] ?? '']])));
