/** An order as the ERP keeps it, under its own number. */
export interface ErpOrder {
  number: string;
  clientOrderId: string;
  customer: string;
  lines: { sku: string; quantity: number }[];
  total: string;
}

/** What the ERP saw of one order of its client's: the witness of what happened how often. */
export interface ErpTally {
  /** How often it was asked to make it, and could. */
  taken: number;
  /** Numbers of the orders that exist for it. */
  orders: string[];
}

export interface OrdersBook {
  customers: Map<string, { name: string; creditLimit: string }>;
  /** By SKU. */
  stock: Map<string, { available: number; price: number }>;
  orders: ErpOrder[];
  tally: Record<string, ErpTally>;
  /** An order that is asked for again under the same id is answered with the one that there is. */
  isDeduping: boolean;
}

/** Why it says no; in the detail of a fault. */
export class ErpRefusal extends Error {
  readonly code: string;
  readonly sku: string | undefined;
  constructor(code: string, text: string, sku?: string) {
    super(text);
    this.code = code;
    this.sku = sku;
  }
}

export const createOrdersBook = (isDeduping: boolean): OrdersBook => ({
  customers: new Map([['K-1', { name: 'Café del Puerto', creditLimit: '1500.00' }]]),
  stock: new Map([
    ['SKU-1', { available: 1_000_000, price: 250 }],
    ['SKU-2', { available: 1_000_000, price: 1_999 }],
  ]),
  orders: [],
  tally: {},
  isDeduping,
});

export type AskedOrder = Pick<ErpOrder, 'clientOrderId' | 'customer' | 'lines'>;

/** Throws ErpRefusal. Without deduping, what is asked for twice is ordered twice. */
export function takeOrder(book: OrdersBook, asked: AskedOrder): { order: ErpOrder; wasThere: boolean } {
  if (!book.customers.has(asked.customer)) throw new ErpRefusal('UNKNOWN_CUSTOMER', `Unknown customer ${asked.customer}`);
  for (const { sku, quantity } of asked.lines) {
    const item = book.stock.get(sku);
    if (!item) throw new ErpRefusal('UNKNOWN_SKU', `Unknown SKU ${sku}`, sku);
    if (item.available < quantity) throw new ErpRefusal('OUT_OF_STOCK', `Only ${item.available} of ${sku} left`, sku);
  }
  const tally = (book.tally[asked.clientOrderId] ??= { taken: 0, orders: [] });
  tally.taken += 1;
  const known = book.isDeduping ? book.orders.find(({ clientOrderId }) => clientOrderId === asked.clientOrderId) : undefined;
  if (known) return { order: known, wasThere: true };
  const cents = asked.lines.reduce((sum, { sku, quantity }) => sum + (book.stock.get(sku)?.price ?? 0) * quantity, 0);
  const order = { ...asked, number: `ERP-${1_001 + book.orders.length}`, total: (cents / 100).toFixed(2) };
  for (const { sku, quantity } of asked.lines) {
    const item = book.stock.get(sku);
    if (item) item.available -= quantity;
  }
  book.orders.push(order);
  tally.orders.push(order.number);
  return { order, wasThere: false };
}
