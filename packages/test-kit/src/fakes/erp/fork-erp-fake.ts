import { join } from 'node:path';
import { forkFake } from '../fork-fake.ts';
import type { ErpFault, ErpOptions } from './erp-fake.ts';
import { erpWsdl } from './erp-wsdl.ts';
import type { ErpTally } from './orders-book.ts';

export interface ForkedErpFake {
  url: string;
  /** The WSDL of an ERP that is reached at this address: of a front of it, for example. */
  wsdlAt: (url: string) => string;
  /** By the client's order id. */
  tally: () => Promise<Record<string, ErpTally>>;
  /** One for each of the next calls. */
  fail: (...faults: ErpFault[]) => Promise<void>;
  setStock: (item: { sku: string; available: number; priceCents: number }) => Promise<void>;
  addCustomer: (customer: { number: string; name: string }) => Promise<void>;
  close: () => Promise<void>;
}

/** The ERP in a process of its own (forkFake). */
export async function forkErpFake(options: ErpOptions = {}): Promise<ForkedErpFake> {
  const fake = await forkFake(join(import.meta.dirname, 'main.ts'), [JSON.stringify(options)]);
  return {
    url: fake.url,
    wsdlAt: erpWsdl,
    tally: async () => (await fake.control('tally')) as Record<string, ErpTally>, // our own fake's words
    fail: async (...faults) => void (await fake.control('fail', { faults })),
    setStock: async (item) => void (await fake.control('stock', item)),
    addCustomer: async (customer) => void (await fake.control('customer', customer)),
    close: fake.close,
  };
}
