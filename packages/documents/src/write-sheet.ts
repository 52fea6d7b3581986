import { inThread, type ThreadOptions } from './in-thread.ts';
import type { SheetToWrite } from './sheet/sheet.ts';

/** Writes an .xlsx or csv file in a thread of its own. Throws step.config, file.too-large and step.timeout. */
export const writeSheet = (given: SheetToWrite, options?: ThreadOptions): Promise<Uint8Array> => inThread('write', given, options);
