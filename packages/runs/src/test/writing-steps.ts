import { catalog } from '@holdfast/nodes/catalog';
import type { JsonObject } from '@holdfast/node-kit';
import { startGoogleSheetsFake, startHttpService, startQuickbooksFake, startShopifyFake } from '@holdfast/test-kit/fakes';
import type { ExecutionDeps, ResolvedCredential } from '../deps.ts';

export const spreadsheet = '1AbCdEfGhIjKlMnOp';
const envelope = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><n:CreateOrderResponse xmlns:n="urn:erp.test:orders"><n:number>9</n:number><n:total>1</n:total></n:CreateOrderResponse></s:Body></s:Envelope>`;

export interface WritingStep {
  type: string;
  provider: string;
  config: () => JsonObject;
  /** How often what it does was done. */
  done: () => number;
}

const credentialOf = (kind: string, url: string, path: string, secret: Record<string, string>): ResolvedCredential => ({
  kind,
  baseUrl: url,
  apiUrl: `${url}${path}`,
  provider: `${kind}:test`,
  allowedHosts: [],
  secret,
});

/** Fakes of all systems that steps write to, and a step for each. For tests only. */
export async function startWritingSteps() {
  const [shop, books, google, erp] = await Promise.all([
    startShopifyFake(),
    startQuickbooksFake(),
    startGoogleSheetsFake(),
    startHttpService(),
  ]);
  let changed = 0;
  const databases: ExecutionDeps['databases'] = {
    query: async () => ((changed += 1), { rows: [], rowCount: 1, isTruncated: false, refusal: null }),
  };
  /** A file that is stored twice under its name is there once. */
  const stored = (): number =>
    new Set(erp.received.flatMap(({ method, path, body }) => (method === 'PUT' && body === 'an order' ? [path] : []))).size;
  const steps = {
    order: {
      type: 'shopify',
      provider: 'shopify:test',
      config: () => {
        shop.addVariant('MILK-1', { available: { Main: 50 } });
        return { operation: 'create-order', credential: 'shop', items: [{ sku: 'MILK-1', quantity: '1' }] };
      },
      done: () => shop.shop.orders.length,
    },
    invoice: {
      type: 'quickbooks',
      provider: 'quickbooks:test',
      config: () => {
        books.add('Item', { Name: 'Milk', UnitPrice: 1.2 });
        books.add('Customer', { DisplayName: 'Amina' });
        return { operation: 'create-invoice', credential: 'books', customer: 'Amina', lines: [{ item: 'Milk', quantity: '2' }] };
      },
      done: () => books.company.rows.Invoice.length,
    },
    row: {
      type: 'google-sheets',
      provider: 'google:test',
      config: () => ({ operation: 'append', credential: 'google', spreadsheet, values: { Order: '{{ trigger.id }}' } }),
      done: () => Math.max(0, google.sheet(spreadsheet).length - 1),
    },
    change: {
      type: 'database',
      provider: 'postgresql:test',
      config: () => ({ operation: 'change', credential: 'database', sql: 'update orders set paid = true where id = :step_key' }),
      done: () => changed,
    },
    file: {
      type: 's3-file',
      provider: 's3:test',
      config: () => {
        const key = `order-${stored()}.txt`;
        erp.on(`PUT /bucket/${key}`, { status: 200 });
        return { operation: 'put', credential: 'files', file: 'file_1', key };
      },
      done: stored,
    },
    soap: {
      type: 'soap',
      get provider() {
        return `http:127.0.0.1:${erp.port}`;
      },
      config: () => {
        erp.on('POST /soap', { status: 200, headers: { 'content-type': 'text/xml' }, body: envelope });
        const line = { json: '[{"sku": "A", "quantity": 1}]' };
        return {
          operation: catalog['soap']?.samples[0]?.config['operation'] ?? null,
          server: `${erp.url}/soap`,
          values: { customer: 'K', line },
        };
      },
      done: () => erp.received.filter(({ path }) => path === '/soap').length,
    },
  } satisfies Record<string, WritingStep>;
  /** As they are at first. */
  const credentials = (): Record<string, ResolvedCredential> => {
    books.oauth.accessTokens.add('token-1');
    google.oauth.accessTokens.add('token-1');
    return {
      shop: credentialOf('shopify', shop.url, '/', { accessToken: shop.accessToken }),
      books: credentialOf('quickbooks', books.url, `/v3/company/${books.realmId}/`, { token: 'token-1' }),
      google: credentialOf('google', google.url, '/', { token: 'token-1' }),
      database: credentialOf('postgresql', 'postgres://db.test', '/', {}),
      files: {
        ...credentialOf('s3', erp.url, '/bucket/', { secretAccessKey: 'key' }),
        settings: { region: 'r', bucket: 'bucket', accessKeyId: 'id' },
      },
    };
  };
  const close = async () => void (await Promise.all([shop.close(), books.close(), google.close(), erp.close()]));
  return { shop, google, databases, steps, credentials, close };
}

export type WritingSteps = Awaited<ReturnType<typeof startWritingSteps>>;
