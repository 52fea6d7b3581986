import { asOutcome, type ThreadOutcome } from './outcome.ts';
import { drawPdf } from './pdf/draw-pdf.ts';
import type { PdfDocument, RenderedPdf } from './pdf/pdf-document.ts';
import { buildCsv } from './sheet/build-csv.ts';
import { buildXlsx } from './sheet/build-xlsx.ts';
import { parseCsv } from './sheet/parse-csv.ts';
import { parseXlsx } from './sheet/parse-xlsx.ts';
import type { SheetRead, SheetToRead, SheetToWrite } from './sheet/sheet.ts';

/** What is done in a thread of its own, by the name that it is called by. Only `in-thread.ts` loads this file. */
export const pdf = (document: PdfDocument): Promise<ThreadOutcome<RenderedPdf>> => asOutcome(() => drawPdf(document));

export const read = (given: SheetToRead): Promise<ThreadOutcome<SheetRead>> =>
  asOutcome(() => (isXlsx(given) ? parseXlsx(given) : parseCsv(given)));

export const write = (given: SheetToWrite): Promise<ThreadOutcome<Uint8Array>> =>
  asOutcome(() => (given.format === 'xlsx' ? buildXlsx(given) : buildCsv(given)));

/** An .xlsx file is a zip archive. */
const isXlsx = ({ format, content }: SheetToRead): boolean =>
  format === 'auto' ? content[0] === 0x50 && content[1] === 0x4b : format === 'xlsx';
