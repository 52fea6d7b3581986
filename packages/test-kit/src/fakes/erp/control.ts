import { z } from 'zod';
import type { ErpFault } from './erp-fake.ts';
import type { OrdersBook } from './orders-book.ts';

const faults = z.object({
  faults: z.array(z.enum(['cut-before', 'cut-after', 'server-fault', 'html', 'login-page', 'half', 'hang', 'huge'])),
});
const stocked = z.object({ sku: z.string(), available: z.number().int(), priceCents: z.number().int() });
const customer = z.object({ number: z.string(), name: z.string() });

/** What another process asks of the ERP itself. */
export function controlErp({ book, faults: waiting }: { book: OrdersBook; faults: ErpFault[] }, name: string, body: string): object {
  const given: unknown = body === '' ? {} : JSON.parse(body);
  switch (name) {
    case 'tally':
      return book.tally;
    case 'fail':
      waiting.push(...faults.parse(given).faults);
      return {};
    case 'stock': {
      const { sku, available, priceCents } = stocked.parse(given);
      book.stock.set(sku, { available, price: priceCents });
      return {};
    }
    case 'customer': {
      const { number, name: called } = customer.parse(given);
      book.customers.set(number, { name: called, creditLimit: '1000.00' });
      return {};
    }
    default:
      return { orders: book.orders };
  }
}
