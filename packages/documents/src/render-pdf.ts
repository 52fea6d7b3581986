import { inThread, type ThreadOptions } from './in-thread.ts';
import type { PdfDocument, RenderedPdf } from './pdf/pdf-document.ts';

/** Draws a document in a thread of its own. Throws step.timeout and file.too-large. */
export const renderPdf = (document: PdfDocument, options?: ThreadOptions): Promise<RenderedPdf> => inThread('pdf', document, options);
