import { ownerEmail, ownerPassword, type Product } from '../../product/product.ts';
import type { Market } from './market.ts';

/** What the flow names: channels and credentials by id. */
export interface Connected {
  whatsapp: string;
  mail: string;
  shopify: string;
  quickbooks: string;
  sheets: string;
}

/** Connects every provider as a person would, and answers what was made. */
export async function connectMarket(product: Product, market: Market): Promise<Connected> {
  const { api, url } = product;
  const make = async (path: string, body: object): Promise<string> => (await api.call<{ id: string }>('POST', path, body)).id;
  const { number, shop, books, ways, mail } = market;
  const { phoneNumberId, wabaId, token, appSecret } = number;
  const whatsapp = await make('/api/channels', {
    kind: 'whatsapp',
    name: 'WhatsApp',
    phoneNumberId,
    wabaId,
    token,
    appSecret,
    publicUrl: url,
  });
  number.callbackUrl = `${url}/hooks/channels/${whatsapp}`;
  const credential = (body: object): Promise<string> => make('/api/credentials', body);
  const connected = {
    whatsapp,
    mail: await make('/api/channels', mail.channel),
    shopify: await credential({
      name: 'Shop',
      kind: 'shopify',
      baseUrl: ways.shopify.url,
      settings: { shop: 'kelp.myshopify.com', access: 'token' },
      secret: { accessToken: shop.accessToken },
    }),
    quickbooks: await credential({
      name: 'Books',
      kind: 'quickbooks',
      baseUrl: ways.quickbooks.url,
      settings: { environment: 'production', clientId: books.oauth.clientId },
      secret: { clientSecret: books.oauth.clientSecret },
    }),
    sheets: await credential({
      name: 'Sheets',
      kind: 'google-service-account',
      baseUrl: ways.sheets.url,
      secret: { key: JSON.stringify(market.serviceAccount) },
    }),
  };
  await agree(product, connected.quickbooks);
  return connected;
}

/** From the Connect button to the provider's way back, as a browser goes. */
async function agree({ url }: Product, credential: string): Promise<void> {
  const json = { 'content-type': 'application/json', origin: url };
  const body = JSON.stringify({ email: ownerEmail, password: ownerPassword });
  const login = await fetch(`${url}/api/auth/sign-in/email`, { method: 'POST', headers: json, body });
  const cookie = login.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  const asked = await fetch(`${url}/api/credentials/${credential}/connect`, { method: 'POST', headers: { ...json, cookie }, body: '{}' });
  const consent = (await asked.json()) as { url: string }; // the contract's own tests check the shape
  const back = (await fetch(consent.url, { redirect: 'manual' })).headers.get('location') ?? '';
  const done = await fetch(back, { headers: { cookie }, redirect: 'manual' });
  if (done.headers.get('location') !== '/connections') throw new Error(`The books were not connected: ${done.status} ${await done.text()}`);
}
