import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { graphql } from 'graphql';
import { readText } from '../http-service.ts';
import { closed, listen } from '../listen.ts';
import { createOauthWorld, type OauthWorld } from '../oauth/grants.ts';
import { serveOauth } from '../oauth/serve-oauth.ts';
import { shopifySchema } from './schema.ts';
import { changeOrder, createShop, placeOrder, rootOf, stockOf, timeOf, type Shop, type ShopOrder, type Variant } from './shop.ts';

/** `cut-after`: it is done, and the answer never arrives. */
export type ShopifyFault = 'cut-after' | 'cut-before' | 'server-error' | 'internal';

export interface ShopifyFake {
  url: string;
  port: number;
  oauth: OauthWorld;
  shop: Shop;
  /** The token of an older custom app. */
  accessToken: string;
  /** That token is good no more. */
  withdraw: () => void;
  addVariant: (sku: string, given?: { price?: string; available?: Record<string, number> }) => Variant;
  /** A customer's order. */
  placeOrder: (given?: Parameters<typeof placeOrder>[1]) => ShopOrder;
  changeOrder: (order: ShopOrder, change: Parameters<typeof changeOrder>[2]) => void;
  setStock: (variant: Variant, available: number, place?: string) => void;
  /** One for each of the next calls. */
  fail: (...faults: ShopifyFault[]) => void;
  /** The bucket of points: its size, what is in it, and what comes back in a second. */
  bucket: { maximum: number; left: number; restoreRate: number };
  /** Lets time pass for the bucket. */
  wait: (seconds: number) => void;
  readonly counts: { answered: number; throttled: number };
  close: () => Promise<void>;
}

/** Shopify's Admin API by GraphQL on a real socket: queries are checked against its schema, and cost points out of a bucket. */
export async function startShopifyFake({ now }: { now?: () => Date } = {}): Promise<ShopifyFake> {
  const shop = createShop(now);
  const faults: ShopifyFault[] = [];
  const bucket = { maximum: 2_000, left: 2_000, restoreRate: 100 };
  const counts = { answered: 0, throttled: 0 };
  const oauth = createOauthWorld();
  const good = { token: 'shpat_1' };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readText(request);
    if (serveOauth(oauth, request, response, body)) return;
    const send = (status: number, value: object) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const token = String(request.headers['x-shopify-access-token'] ?? '');
    if (token !== good.token && !oauth.accessTokens.has(token)) return send(401, { errors: '[API] Invalid API key or access token' });
    if (!/^\/admin\/api\/\d{4}-\d{2}\/graphql\.json$/.test(request.url ?? '')) return send(404, { errors: 'Not Found' });
    const fault = faults.shift();
    if (fault === 'cut-before') return void response.socket?.destroy();
    if (fault === 'server-error') return send(500, { errors: 'Internal Server Error' });
    if (fault === 'internal') return send(200, { errors: [{ message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] });
    const value = await execute({ shop, bucket, counts }, body);
    if (fault === 'cut-after') return void response.socket?.destroy();
    send(200, value);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.socket?.destroy());
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    oauth,
    shop,
    accessToken: good.token,
    withdraw: () => {
      good.token = 'shpat_2';
    },
    addVariant: (sku, { price = '10.00', available = { Main: 5 } } = {}) => {
      const number = shop.variants.length + 1;
      const made: Variant = {
        id: `gid://shopify/ProductVariant/${number}`,
        itemId: `gid://shopify/InventoryItem/${number}`,
        sku,
        displayName: `Product ${sku}`,
        price,
        available: new Map(Object.entries(available)),
        updatedAt: timeOf(shop),
      };
      shop.variants.push(made);
      return made;
    },
    placeOrder: (given) => placeOrder(shop, given),
    changeOrder: (order, change) => changeOrder(shop, order, change),
    setStock: (variant, available, place = 'Main') => stockOf(shop, variant, place, available),
    fail: (...given) => void faults.push(...given),
    bucket,
    wait: (seconds) => {
      bucket.left = Math.min(bucket.maximum, bucket.left + seconds * bucket.restoreRate);
    },
    counts,
    close: async () => {
      server.closeAllConnections();
      await closed(server);
    },
  };
}

interface Bench {
  shop: Shop;
  bucket: ShopifyFake['bucket'];
  counts: ShopifyFake['counts'];
}

async function execute({ shop, bucket, counts }: Bench, body: string): Promise<object> {
  const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> }; // what our own client sends
  // Mutations cost 10, what is read by what it may bring.
  const requestedQueryCost = query.trimStart().startsWith('mutation') ? 10 : 12;
  const throttleStatus = () => ({
    maximumAvailable: bucket.maximum,
    currentlyAvailable: Math.floor(bucket.left),
    restoreRate: bucket.restoreRate,
  });
  if (bucket.left < requestedQueryCost) {
    counts.throttled += 1;
    const cost = { requestedQueryCost, actualQueryCost: null, throttleStatus: throttleStatus() };
    return { errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }], extensions: { cost } };
  }
  bucket.left -= requestedQueryCost;
  counts.answered += 1;
  const result = await graphql({
    schema: shopifySchema,
    source: query,
    rootValue: rootOf(shop),
    ...(variables ? { variableValues: variables } : {}),
  });
  const cost = { requestedQueryCost, actualQueryCost: requestedQueryCost, throttleStatus: throttleStatus() };
  return { ...result, extensions: { cost } };
}
