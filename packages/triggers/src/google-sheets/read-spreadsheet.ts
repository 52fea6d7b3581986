import { HoldfastError } from '@holdfast/errors';
import type { EffectContext } from '@holdfast/node-kit';
import { spreadsheetId } from '@holdfast/nodes/google-sheets/address';
import { openSheet } from '@holdfast/nodes/google-sheets/sheet-client';
import { z } from 'zod';

const described = z.object({
  properties: z.object({ title: z.string() }),
  sheets: z.array(z.object({ properties: z.object({ title: z.string() }) })),
});

/** The names of a spreadsheet's sheets, and what stands in the first row of one: two reads, asked for by a person. */
export async function readSpreadsheet(
  egress: EffectContext['egress'],
  { credential, spreadsheet, sheet }: { credential: string; spreadsheet: string; sheet: string },
): Promise<{ title: string; sheets: string[]; columns: string[] }> {
  const id = spreadsheetId(spreadsheet);
  if (id === null)
    throw new HoldfastError('request.invalid', {
      detail: 'This is not the address of a spreadsheet.',
      hint: 'Open the spreadsheet in the browser and copy its whole address.',
      path: 'spreadsheet',
    });
  const client = openSheet(egress, { credential, spreadsheet: id, sheet });
  const found = described.safeParse(await client.describe());
  if (!found.success) throw new HoldfastError('upstream.broken', { detail: 'Google’s answer about the spreadsheet could not be read.' });
  const [first = []] = await client.read('1:1');
  return {
    title: found.data.properties.title,
    sheets: found.data.sheets.map(({ properties }) => properties.title),
    columns: first.map((cell) => String(cell).trim()).filter((name) => name !== ''),
  };
}
