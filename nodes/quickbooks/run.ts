import { HoldfastError, say } from '@holdfast/errors';
import { implement, jsonObject, type JsonValue, type Outcome } from '@holdfast/node-kit';
import { z } from 'zod';
import { createSale, recordPayment, saveCustomer, type SaleGiven } from './acts.ts';
import { openBooks, type BooksClient } from './books-client.ts';
import { quickbooks, type QuickbooksConfig } from './node.ts';
import { recordFrom, type Entity, type Given } from './records.ts';

export const runQuickbooks = implement(quickbooks, async ({ config, context }) => {
  const books = openBooks(context, {
    credential: config.credential,
    key: context.idempotencyKey,
    triesAgain: config.onConflict === 'again',
  });
  return acts[config.operation](config, books);
});

type Act = (config: QuickbooksConfig, books: BooksClient) => Promise<Outcome>;
const acts: Readonly<Record<QuickbooksConfig['operation'], Act>> = {
  find: async ({ entity, by, value }, books) => {
    if (value.trim() === '')
      throw new HoldfastError('step.config', {
        detail: 'What to look for is empty. Nothing was asked.',
        hint: 'Look where the value comes from.',
        path: 'value',
      });
    const rows = await books.find(entity, value.trim(), by === 'id' ? { field: 'Id' } : {});
    return leave(entity, rows, rows.length > 0);
  },
  query: async ({ entity, conditions, limit }, books) => {
    const rows = await books.search(entity, conditions, limit);
    return leave(entity, rows, rows.length > 0, rows);
  },
  'save-customer': async ({ customer, email, phone }, books) => {
    const { row, wasThere } = await saveCustomer(books, { name: customer.trim(), email: email.trim(), phone: phone.trim() });
    return leave('Customer', [row], wasThere);
  },
  'create-invoice': async (config, books) => leave('Invoice', [await createSale(books, saleOf('Invoice', config))], false),
  'create-estimate': async (config, books) => leave('Estimate', [await createSale(books, saleOf('Estimate', config))], false),
  'record-payment': async ({ customer, amount, invoice }, books) =>
    leave('Payment', [await recordPayment(books, { customer, amount: positive(amount, 'amount'), invoice: invoice.trim() })], false),
};

/** `whole`: what is given on with everything that QuickBooks knows of it. */
function leave(entity: Entity, rows: readonly Given[], wasThere: boolean, whole: readonly Given[] = []): Outcome {
  const records = rows.map((row) => recordFrom(entity, row));
  return {
    port: rows.length > 0 ? 'done' : 'missing',
    output: { count: rows.length, record: records[0] ?? null, records, rows: z.array(jsonObject).parse(whole), wasThere },
  };
}

function saleOf(entity: SaleGiven['entity'], { customer, lines, dueDate, email, note }: QuickbooksConfig): SaleGiven {
  if (dueDate.trim() !== '' && !/^\d{4}-\d{2}-\d{2}$/.test(dueDate.trim()))
    throw new HoldfastError('step.config', {
      detail: say`"${dueDate.slice(0, 40)}" is no date. Nothing was made.`,
      hint: 'Write it as 2026-12-31.',
      path: 'dueDate',
    });
  return {
    entity,
    customer,
    dueDate: dueDate.trim(),
    email: email.trim(),
    note,
    lines: lines.map(({ item, quantity, price }) => ({
      item,
      quantity: positive(quantity, 'lines'),
      price: isEmpty(price) ? null : positive(price, 'lines', 0),
    })),
  };
}

const isEmpty = (value: JsonValue): boolean => value === null || (typeof value === 'string' && value.trim() === '');

function positive(value: JsonValue, path: string, least = Number.MIN_VALUE): number {
  const number = isEmpty(value) ? Number.NaN : Number(value);
  if (Number.isFinite(number) && number >= least) return number;
  throw new HoldfastError('step.config', {
    detail: say`"${typeof value === 'object' ? JSON.stringify(value).slice(0, 80) : String(value)}" is not a number${least === 0 ? ' from 0 on' : ' above 0'}. Nothing was made.`,
    hint: 'Look where the number comes from.',
    path,
  });
}
