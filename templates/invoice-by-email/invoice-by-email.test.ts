import { catalog } from '@holdfast/nodes/catalog';
import { runners } from '@holdfast/nodes/runners';
import { filesInMemory } from '@holdfast/test-kit/effects';
import { talkTo } from '@holdfast/test-kit/flows';
import { extractText, getDocumentProxy } from 'unpdf';
import { expect, test } from 'vitest';
import { templates } from '../index.ts';

test('an invoice that is reported is made, and goes to its customer', async () => {
  const template = templates.find(({ id }) => id === 'invoice-by-email');
  if (!template) throw new Error('No such template.');
  // What people choose: their mailbox.
  const nodes = template.file.nodes.map((node) => (node.id === 'mail' ? { ...node, config: { ...node.config, channel: 'chan_1' } } : node));
  const files = filesInMemory();
  const talk = talkTo({ ...template.file, nodes }, { catalog, runners, variables: { ...template.variables }, world: { files } });
  const body = {
    number: 'A-117',
    date: '2026-11-23',
    due: '2026-12-07',
    currency: 'KES',
    tax: 160,
    total: 1_160,
    customer: { name: 'Wanjikũ', email: 'wanjiku@example.com', address: 'Moi Avenue 1\nNairobi' },
    lines: [{ description: 'Kelp, dried', quantity: 2, price: 500 }],
  };
  const said = await talk.start('received', { body });
  expect(said).toEqual([expect.stringContaining('A-117')]);
  expect(talk.way).toEqual(['invoice.done', 'mail.sent', 'done.end']);
  const { name, content } = await files.read('file_made');
  expect(name).toBe('invoice-A-117.pdf');
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(content)), { mergePages: true });
  expect(text.replaceAll(/\s+/g, ' ')).toMatch(
    /Invoice A-117 .*Wanjikũ Moi Avenue 1 Nairobi .*Kelp, dried 2 KES 500\.00 KES 1,000\.00 .*Total KES 1,160\.00/,
  );
});
