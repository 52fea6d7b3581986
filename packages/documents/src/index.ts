export { detectImage, type ImageType } from './pdf/detect-image.ts';
export type * from './pdf/pdf-document.ts';
export { readSheet } from './read-sheet.ts';
export { renderPdf } from './render-pdf.ts';
export type * from './sheet/sheet.ts';
export { writeSheet } from './write-sheet.ts';
