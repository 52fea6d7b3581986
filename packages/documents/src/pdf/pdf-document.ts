import type { Block } from '@holdfast/messages';

export type Align = 'left' | 'center' | 'right';

/** What is drawn, in order. Every text stands as it is: nothing in it is markup, and nothing is fetched. */
export type PdfBlock =
  | { kind: 'heading'; text: string; level: 1 | 2 }
  | { kind: 'text'; content: readonly Block[]; align: Align }
  /** Side by side: who sends it, and who gets it. */
  | { kind: 'sides'; left: readonly Block[]; right: readonly Block[] }
  | { kind: 'table'; columns: readonly PdfColumn[]; rows: readonly (readonly string[])[] }
  | { kind: 'facts'; lines: readonly { label: string; value: string }[] }
  | { kind: 'totals'; lines: readonly { label: string; value: string; isStrong: boolean }[] }
  | { kind: 'image'; image: string; widthMm: number; align: Align }
  | { kind: 'line' }
  | { kind: 'page-break' };

export interface PdfColumn {
  label: string;
  align: Align;
  /** `wide` columns share what the others leave. */
  width: 'narrow' | 'wide';
}

export interface PdfDocument {
  title: string;
  /** A BCP 47 tag: of the text, and of the words of page numbers. */
  language: string;
  page: { size: 'A4' | 'LETTER'; orientation: 'portrait' | 'landscape' };
  /** `#rrggbb`, of headings and lines. */
  color: string;
  header: string;
  footer: string;
  hasPageNumbers: boolean;
  logo: { image: string; widthMm: number } | null;
  blocks: readonly PdfBlock[];
  /** PNG or JPEG, by the names that blocks call them. */
  images: Readonly<Record<string, Uint8Array>>;
  /** ISO time. The same document with the same time has the same bytes. */
  createdAt: string;
}

export interface RenderedPdf {
  content: Uint8Array;
  pages: number;
  /** Characters that no font of ours has; each is drawn as an empty box. */
  notShown: string;
}
