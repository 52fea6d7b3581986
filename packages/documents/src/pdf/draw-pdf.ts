import pdfmake from 'pdfmake';
import { buildDefinition } from './build-definition.ts';
import { fontFiles, fonts } from './fonts.ts';
import type { PdfDocument, RenderedPdf } from './pdf-document.ts';

pdfmake.setFonts(fonts);
// Nothing is fetched, and no file is read but our fonts.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => fontFiles.has(path));

/** Draws a document. Blocks its thread while it does: `renderPdf` gives it one of its own. */
export async function drawPdf(document: PdfDocument): Promise<RenderedPdf> {
  const missing = new Set<string>();
  let pages = 0;
  const definition = buildDefinition(document, (character) => missing.add(character));
  const { footer } = definition;
  const content = await pdfmake
    .createPdf({
      ...definition,
      footer: (page, count, size) => {
        pages = count;
        return typeof footer === 'function' ? footer(page, count, size) : null;
      },
    })
    .getBuffer();
  return { content: new Uint8Array(content), pages, notShown: [...missing].slice(0, 100).join('') };
}
