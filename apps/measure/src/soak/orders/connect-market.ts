import { connectWhatsApp } from '../../product/connect-whatsapp.ts';
import { ownerEmail, ownerPassword, type Product } from '../../product/product.ts';
import { erpUrl, type Market } from './market.ts';

/** What the flow names: channels and credentials by id. */
export interface Connected {
  whatsapp: string;
  mail: string;
  shopify: string;
  quickbooks: string;
  sheets: string;
  /** The ready step that makes an order in the ERP. */
  createOrder: { type: string; typeVersion: number; config: object };
}

/** Connects every provider as a person would, and answers what was made. */
export async function connectMarket(product: Product, market: Market): Promise<Connected> {
  const { api } = product;
  const make = async (path: string, body: object): Promise<string> => (await api.call<{ id: string }>('POST', path, body)).id;
  const { number, shop, books, ways, mail } = market;
  const whatsapp = await connectWhatsApp(product, number);
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
    createOrder: await importErp(product, market),
  };
  await agree(product, connected.quickbooks);
  return connected;
}

/** Its WSDL is uploaded; its calls go through a proxy, and prove who we are by WS-Security. */
async function importErp({ api, url }: Product, { erp, proxy }: Market): Promise<Connected['createOrder']> {
  const credential = await api.call<{ id: string }>('POST', '/api/credentials', {
    name: 'ERP',
    kind: 'soap-username',
    baseUrl: erpUrl,
    settings: { passwordType: 'digest', timestamp: 'yes', mustUnderstand: 'yes' },
    secret: erp.user,
    via: { kind: 'proxy', url: proxy.fake.url, ...proxy.login },
  });
  const headers = { authorization: `Bearer ${api.key}`, 'content-type': 'text/xml' };
  const answer = await fetch(`${url}/api/services`, { method: 'POST', headers, body: erp.wsdl });
  const service = (await answer.json()) as { id: string; operations: { id: string; title: string }[] }; // the contract's own tests check the shape
  if (!answer.ok) throw new Error(`The WSDL was not imported: ${JSON.stringify(service)}`);
  await api.call('PATCH', `/api/services/${service.id}`, { credential: credential.id });
  const operation = service.operations.find(({ title }) => title.includes('CreateOrder'));
  if (!operation) throw new Error(`There is no CreateOrder among ${JSON.stringify(service.operations)}.`);
  const { node } = await api.call<{ node: Connected['createOrder'] }>(
    'GET',
    `/api/services/${service.id}/operations/${encodeURIComponent(operation.id)}`,
  );
  return { ...node, config: { ...node.config, service: service.id, credential: credential.id } };
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
