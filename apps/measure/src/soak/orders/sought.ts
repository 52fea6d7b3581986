import type { Product } from '../../product/product.ts';
import type { Control, Sought } from '../secrets/find-secrets.ts';
import { orderRuns } from './judge-orders.ts';
import { spreadsheet, type Market } from './market.ts';
import { observe } from '../observe.ts';

/** The order that went through in calm, and the step that keeps its name in the flow. */
const [order, step] = ['K-0000', 'clientOrderId'];

/** Where the texts of a calm order must be seen: in each kind of place once at least. */
const places: readonly Control[] = [
  { text: order, place: 'the table public.journal' },
  { text: order, place: 'the table public.messages' },
  { text: order, place: 'the answer of /api/runs/run_' },
  { text: order, place: 'the answer of /api/runs/run_*/steps' },
  { text: order, place: 'the answer of /api/conversations/*/messages' },
  { text: order, place: 'the answer of /api/messages/export?format=jsonl' },
  { text: order, place: 'the answer of /api/messages/export?format=csv' },
  { text: order, place: 'the answer of /api/messages/export?format=mbox' },
  { text: order, place: 'the document /api/files/' },
  { text: order, place: 'the backup' },
  { text: order, place: 'the file ' },
  { text: step, place: 'the answer of /api/flows/*/draft' },
  { text: step, place: 'the answer of /api/flows/*/versions/' },
  { text: step, place: 'the exported flows' },
  { text: 'holdfast_', place: 'the answer of /metrics' },
  { text: 'listAudit', place: 'the answer of /api/openapi.json' },
  { text: 'credential.created', place: 'the answer of /api/audit' },
  { text: 'Holdfast', place: "the launcher's output" },
];

/** What must be found nowhere, what must be found, and what the product's own description can't tell. */
export async function soughtIn(product: Product, market: Market): Promise<Sought> {
  const run = (await orderRuns(product)).find((each) => each.order === order);
  if (!run) throw new Error(`There is no run of ${order}.`);
  const files = await observe<{ id: string }>(product, 'select id from files');
  const { items } = await product.api.call<{ items: { operations: { id: string }[] }[] }>('GET', '/api/services');
  return {
    secrets: market.secrets(),
    // Histories hold ids, and nothing else of a run.
    controls: [...places, { text: run.id, place: 'the file temporal' }],
    questions: {
      '/api/files': files.map(({ id }) => id),
      operation: items.flatMap(({ operations }) => operations.map(({ id }) => id)),
      spreadsheet: [spreadsheet],
      node: ['start'],
      contact: ['sim-1'],
    },
  };
}
