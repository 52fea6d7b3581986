import { detectImage, renderPdf, type PdfBlock } from '@holdfast/documents';
import { HoldfastError, say, type Words } from '@holdfast/errors';
import { fileIdOf, implement, type EffectContext, type JsonValue } from '@holdfast/node-kit';
import { chosenFile } from '../fields/chosen-file.ts';
import { layOut, maxRows } from './lay-out.ts';
import { document, type DocumentConfig } from './node.ts';

const maxPages = 300;
/** A picture is unpacked to four bytes for each of its points. */
const maxPoints = 25_000_000;

export const runDocument = implement(document, async ({ config, context }) => {
  const images = new Map<string, Uint8Array>();
  const picture = (file: JsonValue, path: string) => addPicture(images, context, file, path);
  const locale = { language: config.language, currency: String(config.currency), timeZone: config.timeZone };
  const blocks: PdfBlock[] = [];
  for (const [index, block] of config.blocks.entries())
    blocks.push(await layOut(block, index, { locale, picture: (file) => picture(file, `blocks.${index}.file`) }));
  const rows = blocks.reduce((count, block) => count + (block.kind === 'table' ? block.rows.length : 0), 0);
  if (rows > maxRows) throw tooLong(say`The tables have ${rows} lines together; a document takes at most ${maxRows}.`);
  const logo = fileIdOf(config.logo) === null ? null : { image: await picture(config.logo, 'logo'), widthMm: config.logoWidthMm };
  const drawn = await renderPdf(
    {
      title: config.title,
      language: config.language,
      page: { size: config.page, orientation: config.orientation },
      color: config.color,
      header: config.header,
      footer: config.footer,
      hasPageNumbers: config.pageNumbers,
      logo,
      blocks,
      images: Object.fromEntries(images),
      // The same run makes the same bytes, however often its step is tried.
      createdAt: context.scope.run.startedAt,
    },
    { signal: context.signal },
  );
  if (drawn.pages > maxPages) throw tooLong(say`The document has ${drawn.pages} pages; at most ${maxPages} are made.`);
  const file = await context.files.save({ name: nameOf(config), mimeType: 'application/pdf', content: drawn.content });
  context.note({ pages: drawn.pages, ...(drawn.notShown === '' ? {} : { notShown: drawn.notShown }) });
  return { port: 'done', output: { file, pages: drawn.pages, notShown: drawn.notShown } };
});

const tooLong = (detail: Words) =>
  new HoldfastError('step.config', { detail, hint: 'Send a spreadsheet instead, or make several documents.', path: 'blocks' });

function nameOf({ fileName, title }: DocumentConfig): string {
  const name = (fileName.trim() || title.trim()).slice(0, 110);
  return /\.pdf$/i.test(name) ? name : `${name}.pdf`;
}

const textOf = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 80);

async function addPicture(images: Map<string, Uint8Array>, context: EffectContext, given: JsonValue, path: string): Promise<string> {
  const id = chosenFile(given, { path, detail: say`"${textOf(given)}" is no file.` });
  if (images.has(id)) return id;
  const { name, content } = await context.files.read(id);
  const type = detectImage(content);
  if (!type)
    throw new HoldfastError('file.unreadable', {
      detail: say`"${name}" is no PNG or JPEG picture.`,
      hint: 'Save it as PNG or JPEG.',
      path,
    });
  if (type.width * type.height > maxPoints)
    throw new HoldfastError('file.too-large', {
      detail: say`The picture "${name}" has ${type.width} × ${type.height} points.`,
      hint: 'Make it smaller: 2,000 points across are enough for a page.',
      path,
    });
  images.set(id, content);
  return id;
}
