import { deflateSync } from 'node:zlib';
import { renderConfig } from '@holdfast/graph';
import type { JsonObject, JsonValue, NewFile } from '@holdfast/node-kit';
import { effectContext, filesInMemory, scopeWith } from '@holdfast/test-kit/effects';
import { extractLinks, extractText, getDocumentProxy, getMeta } from 'unpdf';
import { expect, test } from 'vitest';
import { catalog } from '../catalog.ts';
import { formatValue } from './format-value.ts';
import { document } from './node.ts';
import { runDocument } from './run.ts';

/** One white point, as a PNG; `side` is what its header says. */
function png(side = 1): Uint8Array {
  const chunk = (type: string, data: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.writeUInt8(8, 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(2))), chunk('IEND', Buffer.alloc(0))]);
}

async function make(config: JsonObject, body: JsonObject = {}, kept: Record<string, NewFile> = {}) {
  const files = filesInMemory(kept);
  const scope = scopeWith({ trigger: { body } });
  const { context, log } = effectContext({ scope, files });
  const definition = catalog['document'];
  if (!definition) throw new Error('The catalog has no documents.');
  await runDocument.run({ config: renderConfig(definition, { title: 'T', ...config }, scope), context });
  const { content } = await files.read('file_made');
  return { content, notes: log.notes };
}

/** What another reader finds in it. */
async function read(content: Uint8Array) {
  const pdf = await getDocumentProxy(new Uint8Array(content));
  const { text } = await extractText(pdf, { mergePages: false });
  const [{ links }, { info }] = [await extractLinks(pdf), await getMeta(pdf)];
  return { pages: text.map((page) => page.replaceAll(/\s+/g, ' ').trim()), links, info };
}

test.each((document.presets ?? []).map(({ name, config }) => [name, config]))(
  'the preset %s is a document as it stands',
  async (_name, config) => {
    const body = {
      number: 'A-1',
      customer: { name: 'Ana Ñúñez' },
      text: 'Hi',
      purpose: 'Kelp',
      total: 9,
      lines: [{ description: 'Kelp', quantity: 2, price: 4.5 }],
    };
    const { pages } = await read((await make(config, body)).content);
    expect(pages).toEqual([expect.stringContaining('Ana Ñúñez')]);
  },
);

test('an invoice says what the data says, in the language of its reader', async () => {
  const { content, notes } = await make(
    {
      title: 'Factura {{ trigger.body.number }}',
      language: 'es',
      footer: 'Kelp & Co. → Madrid ✓',
      blocks: [
        {
          kind: 'facts',
          lines: [
            { label: 'Fecha', value: '2026-11-23', as: 'date' },
            { label: 'Nota', value: '{{ trigger.body.none }}' },
          ],
        },
        {
          kind: 'table',
          items: '{{ trigger.body.lines }}',
          columns: [
            { label: 'N.º', value: '#' },
            { label: 'Artículo', value: 'product.title' },
            { label: 'Importe', value: 'quantity * price', as: 'money' },
          ],
        },
        {
          kind: 'totals',
          lines: [
            { label: 'IVA', value: '0.21', as: 'percent' },
            { label: 'Total', value: '{{ trigger.body.total }}', as: 'money' },
          ],
        },
      ],
    },
    {
      number: 'A-1',
      total: 1_234.5,
      lines: [
        { quantity: 2, price: '4.50', product: { title: 'Alga ñ' } },
        { quantity: 1, product: { title: 'Sin precio' } },
      ],
    },
  );
  const { pages, info } = await read(content);
  expect(pages).toHaveLength(1);
  expect(pages[0]).toMatch(
    /Fecha 23 de noviembre de 2026 N\.º Artículo Importe 1 Alga ñ 9,00\s€ 2 Sin precio IVA 21\s% Total 1\.234,50\s€/,
  );
  expect(pages[0]).toMatch(/Kelp & Co\. → Madrid ✓ Página 1 de 1$/);
  expect(info).toMatchObject({ Title: 'Factura A-1', Language: 'es' });
  expect(notes).toEqual({ pages: 1 });
});

test('what is filled in stays what it is: no formatting, no link, no template of its own', async () => {
  const name = '**Bold** [click](https://evil.test) {{ trigger.body.secret }} <b>x</b>';
  const { content } = await make(
    { blocks: [{ kind: 'text', text: 'Dear {{ trigger.body.name }}, see [our page](https://kelp.test/a).' }] },
    { name, secret: 'hidden' },
  );
  const { pages, links } = await read(content);
  expect(pages[0]).toContain(`Dear ${name}, see our page.`);
  expect([...new Set(links)]).toEqual(['https://kelp.test/a']);
});

test('the same run makes the same bytes; a long table goes over pages, with its headings on each', async () => {
  const config = { blocks: [{ kind: 'table', items: '{{ trigger.body.lines }}', columns: [{ label: 'Heading', value: 'a' }] }] };
  const body = { lines: Array.from({ length: 120 }, (_, index) => ({ a: `row-${index}` })) };
  const [first, second] = [await make(config, body), await make(config, body)];
  expect(Buffer.from(first.content).equals(Buffer.from(second.content))).toBe(true);
  const { pages } = await read(first.content);
  expect(pages.length).toBeGreaterThan(2);
  expect(pages.every((page) => page.startsWith('Heading row-'))).toBe(true);
  expect(pages.at(-1)).toMatch(new RegExp(`row-119 Page ${pages.length} of ${pages.length}$`));
});

const picture = (content: Uint8Array): Record<string, NewFile> => ({ file_p: { name: 'p.png', mimeType: 'image/png', content } });
test('a picture is a file of ours that is a picture, whatever it is called', async () => {
  const blocks = [{ kind: 'image', file: '{{ trigger.body.file }}' }];
  const file = { id: 'file_p', name: 'p.png' };
  expect((await make({ blocks, logo: 'file_p' }, { file }, picture(png()))).notes).toEqual({ pages: 1 });
  for (const [body, kept, code] of [
    [{ file: 'https://evil.test/a.png' }, {}, 'file.missing'],
    [{ file: '/etc/passwd' }, {}, 'file.missing'],
    [{ file: '' }, {}, 'step.config'],
    [{ file }, picture(new TextEncoder().encode('<svg/>')), 'file.unreadable'],
    [{ file }, picture(png(30_000)), 'file.too-large'],
  ] as const)
    await expect(make({ blocks }, body, kept)).rejects.toMatchObject({ code });
});

test('what is no list, or too long a one, is told with its setting', async () => {
  const blocks = [{ kind: 'table', items: '{{ trigger.body.lines }}', columns: [{ label: 'A', value: 'a' }] }];
  const wrong: JsonValue[] = ['a text', { a: 1 }, Array.from({ length: 5_001 }, () => ({ a: 1 }))];
  for (const lines of wrong)
    await expect(make({ blocks }, { lines })).rejects.toMatchObject({ code: 'step.config', path: 'blocks.0.items' });
  expect((await make({ blocks }, { lines: '[{"a":"from a text"}]' })).notes).toEqual({ pages: 1 });
});

test.each([
  ['12.50', 'money', 'en-GB', '€12.50'],
  [1_234.5, 'amount', 'de', '1.234,50'],
  ['0.1', 'percent', 'en-GB', '10%'],
  ['on request', 'money', 'en-GB', 'on request'],
  ['2026-02-28T23:30:00Z', 'date', 'en-GB', '1 March 2026'],
  ['2026-02-28', 'date', 'en-US', 'February 28, 2026'],
  ['tomorrow', 'date', 'en-GB', 'tomorrow'],
  [null, 'money', 'en-GB', ''],
  [{ a: 1 }, 'text', 'en-GB', '{"a":1}'],
] as const)('%j as %s in %s is "%s"', (value, as, language, written) => {
  expect(formatValue(value, as, { language, currency: 'EUR', timeZone: 'Europe/Madrid' })).toBe(written);
});

test('another currency than the usual ones stands as it is written', () => {
  const as = (currency: string) => formatValue(5, 'money', { language: 'en-GB', currency, timeZone: 'UTC' });
  expect([as('kes'), as('points'), as('')]).toEqual(['KES\u00a05.00', '5.00 points', '5.00']);
});
