import { HoldfastError, say } from '@holdfast/errors';
import type { JsonObject } from '@holdfast/node-kit';
import type { BooksClient } from './books-client.ts';
import type { Entity, Given } from './records.ts';

export interface CustomerGiven {
  name: string;
  email: string;
  phone: string;
}

/** Changes the customer with this name, or adds one. What is empty stays as it is. */
export async function saveCustomer(books: BooksClient, { name, email, phone }: CustomerGiven): Promise<{ row: Given; wasThere: boolean }> {
  const body: JsonObject = {
    ...(email === '' ? {} : { PrimaryEmailAddr: { Address: email } }),
    ...(phone === '' ? {} : { PrimaryPhone: { FreeFormNumber: phone } }),
  };
  const [known] = await books.find('Customer', name, { limit: 1 });
  if (!known) return { row: await books.create('Customer', { DisplayName: name, ...body }), wasThere: false };
  if (Object.keys(body).length === 0) return { row: known, wasThere: true };
  return { row: await books.change('Customer', known, { DisplayName: name, ...body }), wasThere: true };
}

export interface SaleGiven {
  entity: 'Invoice' | 'Estimate';
  customer: string;
  lines: readonly { item: string; quantity: number; price: number | null }[];
  dueDate: string;
  email: string;
  note: string;
}

/** An invoice or an estimate: names are looked up first, so that nothing is made of half of them. */
export async function createSale(books: BooksClient, sale: SaleGiven): Promise<Given> {
  const customer = await wanted(books, 'Customer', sale.customer, 'customer');
  const lines: JsonObject[] = [];
  for (const { item, quantity, price } of sale.lines) {
    const known = await wanted(books, 'Item', item, 'lines');
    const unit = price ?? known.UnitPrice ?? 0;
    lines.push({
      DetailType: 'SalesItemLineDetail',
      // To the cent: QuickBooks refuses an amount that is not quantity times price.
      Amount: Math.round(quantity * unit * 100) / 100,
      SalesItemLineDetail: { ItemRef: { value: known.Id }, Qty: quantity, UnitPrice: unit },
    });
  }
  return books.create(sale.entity, {
    CustomerRef: { value: customer.Id },
    Line: lines,
    ...(sale.email === '' ? {} : { BillEmail: { Address: sale.email } }),
    ...(sale.note === '' ? {} : { CustomerMemo: { value: sale.note } }),
    ...(sale.dueDate === '' ? {} : sale.entity === 'Invoice' ? { DueDate: sale.dueDate } : { ExpirationDate: sale.dueDate }),
  });
}

/** Money that came in, for one invoice or for the customer's account. */
export async function recordPayment(books: BooksClient, given: { customer: string; amount: number; invoice: string }): Promise<Given> {
  const customer = await wanted(books, 'Customer', given.customer, 'customer');
  const invoice = given.invoice === '' ? null : await wanted(books, 'Invoice', given.invoice, 'invoice');
  if (invoice?.CustomerRef && invoice.CustomerRef.value !== customer.Id)
    throw new HoldfastError('step.config', {
      detail: say`The invoice ${given.invoice} belongs to another customer than "${given.customer}". Nothing was recorded.`,
      hint: 'Look where the number comes from.',
      path: 'invoice',
    });
  return books.create('Payment', {
    CustomerRef: { value: customer.Id },
    TotalAmt: given.amount,
    ...(invoice ? { Line: [{ Amount: given.amount, LinkedTxn: [{ TxnId: invoice.Id, TxnType: 'Invoice' }] }] } : {}),
  });
}

async function wanted(books: BooksClient, entity: Entity, value: string, path: string): Promise<Given> {
  const [known] = value.trim() === '' ? [] : await books.find(entity, value.trim(), { limit: 1 });
  if (known) return known;
  const what = { Customer: 'customer', Item: 'product or service', Invoice: 'invoice', Estimate: 'estimate', Payment: 'payment' }[entity];
  throw new HoldfastError('step.config', {
    detail: say`QuickBooks has no ${what} "${value.trim()}". Nothing was made.`,
    hint: 'Write it as it stands in QuickBooks, or add it there first.',
    path,
  });
}
