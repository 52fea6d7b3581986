import { HoldfastError, say } from '@holdfast/errors';
import type { SheetToWrite } from './sheet.ts';

/** Throws step.config where the encoding does not have a character. */
export function encodeText(text: string, encoding: SheetToWrite['csv']['encoding']): Uint8Array {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text);
    case 'utf-8-bom':
      return Buffer.from(`\ufeff${text}`);
    case 'utf-16le':
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 'windows-1252':
      return toWindows1252(text);
  }
}

let byteOf: ReadonlyMap<string, number> | null = null;

function toWindows1252(text: string): Uint8Array {
  // The decoder knows the table; it is read backwards.
  byteOf ??= new Map(Array.from({ length: 256 }, (_, byte) => [new TextDecoder('windows-1252').decode(Uint8Array.of(byte)), byte]));
  const table = byteOf;
  const bytes = [...text].map((character) => {
    const byte = table.get(character);
    if (byte !== undefined) return byte;
    throw new HoldfastError('step.config', {
      detail: say`"${character}" can't be written in Windows-1252.`,
      hint: 'Choose UTF-8.',
      path: 'encoding',
    });
  });
  return Uint8Array.from(bytes);
}
