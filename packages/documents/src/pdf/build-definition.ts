import type { Block, Span } from '@holdfast/messages';
import type { Column, Content, ContentText, CustomTableLayout, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { detectImage } from './detect-image.ts';
import { splitByFont } from './fonts.ts';
import { pageWords } from './page-words.ts';
import type { Align, PdfBlock, PdfColumn, PdfDocument } from './pdf-document.ts';

const pointsPerMm = 72 / 25.4;
const grey = '#5b6472';
const faint = '#d9dde3';

interface Drawing {
  color: string;
  onMissing: (character: string) => void;
}

/** The document in the layout engine's words. */
export function buildDefinition(document: PdfDocument, onMissing: (character: string) => void): TDocumentDefinitions {
  const drawing: Drawing = { color: document.color, onMissing };
  const { size, orientation } = document.page;
  const content = document.blocks.map((block) => drawBlock(block, drawing));
  return {
    pageSize: size,
    pageOrientation: orientation,
    pageMargins: [48, document.header === '' ? 48 : 64, 48, 60],
    language: document.language,
    info: { title: document.title, producer: 'Holdfast', creator: 'Holdfast', creationDate: new Date(document.createdAt) },
    displayTitle: true,
    defaultStyle: { font: 'body', fontSize: 10, lineHeight: 1.25, color: '#1c2430' },
    images: Object.fromEntries(Object.entries(document.images).map(([name, bytes]) => [name, dataUrl(bytes)])),
    ...(document.header === '' ? {} : { header: () => margin(small(document.header, 'left', drawing), [48, 28, 48, 0]) }),
    footer: (page, pages) => footerOf(document, { page, pages }, drawing),
    content: [...(document.logo ? [pictureOf({ ...document.logo, align: 'left' }), gap(10)] : []), ...content],
  };
}

const margin = <T extends Content>(content: T, given: [number, number, number, number]): Content => ({ stack: [content], margin: given });
const gap = (height: number): Content => ({ text: '', margin: [0, 0, 0, height] });

function footerOf({ footer, hasPageNumbers, language }: PdfDocument, at: { page: number; pages: number }, drawing: Drawing): Content {
  const columns: Column[] = [
    { ...small(footer, 'left', drawing), width: '*' },
    { ...small(hasPageNumbers ? pageWords(language)(at.page, at.pages) : '', 'right', drawing), width: 'auto' },
  ];
  return { columns, columnGap: 16, margin: [48, 20, 48, 0] };
}

const small = (text: string, alignment: Align, { onMissing }: Drawing): ContentText => ({
  text: plain(text, onMissing),
  fontSize: 8,
  color: grey,
  alignment,
});

/** A text as it is, in the fonts that have its characters. */
const plain = (text: string, onMissing: Drawing['onMissing']): ContentText[] =>
  splitByFont(text, onMissing).map((run) => ({ text: run.text, font: run.family }));

function drawBlock(block: PdfBlock, drawing: Drawing): Content {
  const { color, onMissing } = drawing;
  switch (block.kind) {
    case 'heading':
      return {
        text: plain(block.text, onMissing),
        fontSize: block.level === 1 ? 20 : 13,
        bold: true,
        color,
        headlineLevel: block.level,
        margin: [0, block.level === 1 ? 0 : 8, 0, block.level === 1 ? 10 : 4],
      };
    case 'text':
      return { stack: richText(block.content, block.align, onMissing), margin: [0, 0, 0, 8] };
    case 'sides':
      return {
        columns: [{ stack: richText(block.left, 'left', onMissing) }, { stack: richText(block.right, 'left', onMissing) }],
        columnGap: 24,
        margin: [0, 0, 0, 12],
      };
    case 'table':
      return tableOf(block, drawing);
    case 'facts':
      return factsOf(block.lines, drawing);
    case 'totals':
      return totalsOf(block.lines, drawing);
    case 'image':
      return pictureOf(block);
    case 'line':
      return { table: { widths: ['*'], body: [['']] }, layout: rule(color), margin: [0, 4, 0, 8] };
    case 'page-break':
      return { text: '', pageBreak: 'after' };
  }
}

const pictureOf = ({ image, widthMm, align }: { image: string; widthMm: number; align: Align }): Content => ({
  image,
  fit: [widthMm * pointsPerMm, 240 * pointsPerMm],
  alignment: align,
  margin: [0, 0, 0, 8],
});

const rule = (color: string): CustomTableLayout => ({
  hLineWidth: (index) => (index === 0 ? 0.75 : 0),
  vLineWidth: () => 0,
  hLineColor: () => color,
  paddingTop: () => 0,
  paddingBottom: () => 0,
});

function richText(content: readonly Block[], alignment: Align, onMissing: Drawing['onMissing']): Content[] {
  return content.map((block): Content => {
    const top = block.isTight ? 0 : 3;
    if (block.kind === 'code') return { text: plain(block.text, onMissing), fontSize: 9, color: grey, margin: [0, top, 0, 3] };
    if (block.kind === 'paragraph') return { text: spansOf(block.spans, onMissing), alignment, margin: [0, top, 0, 3] };
    const items = block.items.map((spans): Content => ({ text: spansOf(spans, onMissing) }));
    return block.start === null ? { ul: items, margin: [0, top, 0, 3] } : { ol: items, start: block.start, margin: [0, top, 0, 3] };
  });
}

const spansOf = (spans: readonly Span[], onMissing: Drawing['onMissing']): ContentText[] =>
  spans.flatMap(({ text, bold, italic, strike, code, link }) =>
    plain(text, onMissing).map((run) => ({
      ...run,
      ...(bold ? { bold } : {}),
      ...(italic ? { italics: true } : {}),
      ...(strike ? { decoration: 'lineThrough' as const } : {}),
      ...(code ? { color: grey } : {}),
      ...(link === undefined ? {} : { link, color: '#0b5cad' }),
    })),
  );

function tableOf({ columns, rows }: { columns: readonly PdfColumn[]; rows: readonly (readonly string[])[] }, drawing: Drawing): Content {
  const { color, onMissing } = drawing;
  const head = columns.map(({ label, align }): TableCell => ({
    text: plain(label, onMissing),
    bold: true,
    fontSize: 9,
    color,
    alignment: align,
  }));
  const body = rows.map((row) =>
    columns.map(({ align }, index): TableCell => ({ text: plain(row[index] ?? '', onMissing), fontSize: 9.5, alignment: align })),
  );
  return {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths: columns.map(({ width }) => (width === 'wide' ? '*' : 'auto')),
      body: [head, ...body],
    },
    layout: {
      hLineWidth: (index, node) => (index === 0 || index > node.table.body.length ? 0 : index === 1 ? 1 : 0.5),
      vLineWidth: () => 0,
      hLineColor: (index) => (index === 1 ? color : faint),
      paddingLeft: (index) => (index === 0 ? 0 : 6),
      paddingRight: (index, node) => (index === (node.table.widths?.length ?? 0) - 1 ? 0 : 6),
      paddingTop: () => 4,
      paddingBottom: () => 3,
    },
    margin: [0, 4, 0, 10],
  };
}

const bare: CustomTableLayout = {
  hLineWidth: () => 0,
  vLineWidth: () => 0,
  paddingLeft: () => 0,
  paddingRight: () => 14,
  paddingTop: () => 1,
  paddingBottom: () => 1,
};

function factsOf(lines: readonly { label: string; value: string }[], { onMissing }: Drawing): Content {
  const body = lines.map(({ label, value }): TableCell[] => [
    { text: plain(label, onMissing), color: grey },
    { text: plain(value, onMissing) },
  ]);
  return body.length === 0 ? gap(0) : { table: { widths: ['auto', '*'], body }, layout: bare, margin: [0, 0, 0, 10] };
}

function totalsOf(lines: readonly { label: string; value: string; isStrong: boolean }[], { color, onMissing }: Drawing): Content {
  const body = lines.map(({ label, value, isStrong }): TableCell[] => [
    { text: '' },
    { text: plain(label, onMissing), alignment: 'right', ...(isStrong ? { bold: true, color, fontSize: 12 } : { color: grey }) },
    { text: plain(value, onMissing), alignment: 'right', ...(isStrong ? { bold: true, color, fontSize: 12 } : {}) },
  ]);
  const layout: CustomTableLayout = { ...bare, paddingRight: (index) => (index === 2 ? 0 : 14), paddingTop: () => 2 };
  return body.length === 0
    ? gap(0)
    : { table: { widths: ['*', 'auto', 'auto'], body, dontBreakRows: true }, layout, margin: [0, 0, 0, 10] };
}

function dataUrl(bytes: Uint8Array): string {
  const type = detectImage(bytes)?.mimeType ?? 'image/png';
  return `data:${type};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}`;
}
