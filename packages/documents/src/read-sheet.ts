import { inThread, type ThreadOptions } from './in-thread.ts';
import type { SheetRead, SheetToRead } from './sheet/sheet.ts';

/** Reads an .xlsx or csv file in a thread of its own. Throws file.unreadable, file.too-large, step.config and step.timeout. */
export const readSheet = (given: SheetToRead, options?: ThreadOptions): Promise<SheetRead> => inThread('read', given, options);
