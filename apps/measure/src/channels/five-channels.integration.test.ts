import { afterAll, beforeAll, expect, test } from 'vitest';
import { Product } from '../product/product.ts';
import type { Customer } from './customer.ts';
import { emailCustomer } from './email-customer.ts';
import { simulatorCustomer } from './simulator-customer.ts';
import { smsCustomer } from './sms-customer.ts';
import { supportFlow } from './support-flow.ts';
import { script, talk } from './talk.ts';
import { telegramCustomer } from './telegram-customer.ts';
import { whatsappCustomer } from './whatsapp-customer.ts';

/** One pixel. */
const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

let product: Product;
let customers: Customer[];
beforeAll(async () => {
  const api = () => product.api;
  const url = () => product.url;
  const [telegram, whatsapp, sms, email] = await Promise.all([
    telegramCustomer(api),
    whatsappCustomer(api, url),
    smsCustomer(api, url),
    emailCustomer(api),
  ]);
  product = await Product.start({
    HOLDFAST_TELEGRAM_API_URL: telegram.url,
    HOLDFAST_WHATSAPP_API_URL: whatsapp.url,
    HOLDFAST_TWILIO_API_URL: sms.url,
    HOLDFAST_EGRESS_ALLOW: '127.0.0.0/8',
  });
  customers = [simulatorCustomer(product.api), telegram, whatsapp, email, sms];
  await product.api.pauseAllFlows();
  await product.api.publish(supportFlow(await upload(picture)));
  await Promise.all(customers.map((customer) => customer.connect()));
}, 300_000);
afterAll(async () => {
  // The product first: a server waits for whoever is connected.
  await product?.remove();
  await Promise.all((customers ?? []).map((customer) => customer.close()));
}, 120_000);

async function upload(bytes: Buffer): Promise<string> {
  const answer = await fetch(`${product.url}/api/files?name=parcel.png`, {
    method: 'POST',
    headers: { authorization: `Bearer ${product.api.key}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  });
  // as: the contract's own tests check the shape.
  return ((await answer.json()) as { fileId: string }).fileId;
}

// Side by side: each has a channel and a customer of its own, and mostly waits for mail and for its turn to send.
test.concurrent.each(['simulator', 'telegram', 'whatsapp', 'email', 'sms'] as const)(
  'the same conversation on %s: the store reads the same, and the customer gets every word and the picture',
  { timeout: 900_000 },
  async (kind) => {
    const customer = customers.find((each) => each.kind === kind);
    if (!customer) throw new Error(`There is no customer on ${kind}.`);
    const messages = await talk(product.api, customer);
    const wanted = script(kind !== 'email' && kind !== 'sms');
    expect(messages.map(({ author, text }) => ({ author, text }))).toEqual(wanted);
    const heard = await customer.heard();
    const ours = wanted.filter(({ author }) => author !== 'customer').map(({ text }) => text);
    for (const text of ours) expect(heard.texts.join('\n')).toContain(text);
    expect(heard.pictures).toBe(1);
  },
);
