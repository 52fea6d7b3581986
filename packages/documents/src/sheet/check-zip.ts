import { HoldfastError, say } from '@holdfast/errors';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { FarCell } from './far-cell.ts';

const maxEntries = 2_000;
const maxBytes = 100 * 1024 * 1024;
/** Of the square around all cells of a sheet, empty ones included. */
const maxCells = 5_000_000;

/**
 * Unpacks an archive without keeping anything: what is larger than it says, overlaps, or would fill the memory is refused here, before anything that reads
 * spreadsheets sees it. Throws file.too-large and file.unreadable.
 */
export async function checkZip(content: Uint8Array): Promise<void> {
  const zip = await open(content);
  let [entries, unpacked, packed] = [0, 0, 0];
  for (;;) {
    const entry = await next(zip);
    if (!entry) return;
    entries += 1;
    packed += entry.compressedSize;
    if (entries > maxEntries || unpacked + entry.uncompressedSize > maxBytes) throw tooLarge();
    // Entries that share their bytes make a small file of endless content.
    if (packed > content.byteLength) throw unreadable('Its parts overlap.');
    unpacked += await measure(zip, entry, maxBytes - unpacked);
  }
}

const tooLarge = () =>
  new HoldfastError('file.too-large', { detail: say`Unpacked, the spreadsheet has more than ${maxBytes / 1024 / 1024} MB.` });
const tooWide = (cells: number) =>
  new HoldfastError('file.too-large', {
    detail: say`A sheet reaches over ${cells.toLocaleString('en')} cells; at most ${maxCells.toLocaleString('en')} are read.`,
    hint: 'Delete the empty rows and columns behind its last value, and save it again.',
  });
const unreadable = (why: string) => new HoldfastError('file.unreadable', { detail: say`This is not a whole spreadsheet. ${why}` });

const open = (content: Uint8Array): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    fromBuffer(
      Buffer.from(content.buffer, content.byteOffset, content.byteLength),
      { lazyEntries: true, strictFileNames: true },
      (error, zip) => (error ? reject(unreadable(error.message)) : resolve(zip)),
    );
  });

const next = (zip: ZipFile): Promise<Entry | null> =>
  new Promise((resolve, reject) => {
    const settle = (work: () => void) => () => {
      zip.removeAllListeners();
      work();
    };
    zip.once('entry', (entry: Entry) => settle(() => resolve(entry))());
    zip.once(
      'end',
      settle(() => resolve(null)),
    );
    zip.once('error', (error: Error) => settle(() => reject(unreadable(error.message)))());
    zip.readEntry();
  });

/** What an entry really holds, in bytes: its own word is not taken for it. */
const measure = (zip: ZipFile, entry: Entry, most: number): Promise<number> =>
  new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) return reject(unreadable(error.message));
      let bytes = 0;
      const far = entry.fileName.startsWith('xl/worksheets/') ? new FarCell() : null;
      stream.on('data', (piece: Buffer) => {
        bytes += piece.length;
        far?.hear(piece.toString('latin1'));
        if (bytes > most) stream.destroy(tooLarge());
        if (far && far.cells > maxCells) stream.destroy(tooWide(far.cells));
      });
      stream.once('end', () => resolve(bytes));
      stream.once('error', (thrown: Error) => reject(thrown instanceof HoldfastError ? thrown : unreadable(thrown.message)));
    });
  });
