import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  startGoogleSheetsFake,
  startQuickbooksFake,
  startShopifyFake,
  startTroubledFront,
  startWhatsAppFake,
  type TroubledFront,
} from '@holdfast/test-kit/fakes';
import { smtpLogin } from '@holdfast/test-kit/mail';
import { openMailAccount } from '../../product/mail-account.ts';
import type { OrdersSoakOptions } from './orders-options.ts';
import type { Secrets } from './find-secrets.ts';
import { wordsOf } from './provider-words.ts';

const fronts = ['whatsapp', 'shopify', 'quickbooks', 'sheets', 'erp'] as const;
export type FrontName = (typeof fronts)[number];

export const spreadsheet = '1OrdersOfTheSoakAbCdEf';
export const skus = ['MILK-1', 'BREAD-2', 'SALT-3'] as const;
export const priceOf = (sku: string): number => ({ 'MILK-1': 1.2, 'BREAD-2': 2.5, 'SALT-3': 0.8 })[sku] ?? 0;

/** Every provider of the orders flow, each behind a bad way that can be made worse. */
export type Market = Awaited<ReturnType<typeof openMarket>>;

/** Secrets of this run alone, so that none is found by chance. */
const canary = (name: string): string => `canary-${name}-${randomBytes(9).toString('hex')}`;

export async function openMarket({ seed, limitShare }: OrdersSoakOptions) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const whatsapp = await startWhatsAppFake({ seed });
  const number = whatsapp.addNumber({ token: canary('whatsapp'), appSecret: canary('app-secret') });
  const shop = await startShopifyFake();
  for (const sku of skus) shop.addVariant(sku, { price: String(priceOf(sku)), available: { Main: 1_000_000 } });
  Object.assign(shop.bucket, { maximum: 2_000 * limitShare, left: 2_000 * limitShare, restoreRate: 100 * limitShare });
  const refill = setInterval(() => shop.wait(1), 1_000);
  const books = await startQuickbooksFake();
  books.limit(500 * limitShare);
  for (const sku of skus) books.add('Item', { Name: sku, UnitPrice: priceOf(sku), Active: true });
  const google = await startGoogleSheetsFake({ publicKey });
  google.sheet(spreadsheet).push(['Order', 'Customer', 'SKU', 'Quantity']);
  // A service account is one user: 60 a minute.
  google.manner({ perMinute: 60 * limitShare });
  const mail = await openMailAccount();
  const ways = await openWays(seed, {
    whatsapp: whatsapp.url,
    shopify: shop.url,
    quickbooks: books.url,
    sheets: google.url,
    erp: books.url,
  });
  return {
    whatsapp,
    number,
    shop,
    books,
    google,
    mail,
    ways,
    /** What must be found nowhere. */
    secrets: (): Secrets => ({
      'the WhatsApp token': number.token,
      'the app secret': number.appSecret,
      "the shop's token": shop.accessToken,
      "the books' client secret": books.oauth.clientSecret,
      'a private key': privateKey.split('\n')[3] ?? privateKey,
      'the mail password': smtpLogin.password,
      ...Object.fromEntries(
        [...books.oauth.accessTokens, ...books.oauth.refreshTokens.keys(), ...google.oauth.accessTokens].map((token, index) => [
          `token ${index + 1}`,
          token,
        ]),
      ),
    }),
    serviceAccount: { type: 'service_account', client_email: 'orders@kelp.example', private_key: privateKey },
    close: async () => {
      clearInterval(refill);
      for (const each of [...Object.values(ways), whatsapp, shop, books, google, mail]) await each.close();
    },
  };
}

type Targets = Record<FrontName, string>;

async function openWays(seed: number, targets: Targets): Promise<Record<FrontName, TroubledFront>> {
  const front = (name: FrontName) => startTroubledFront({ target: targets[name], seed: seed + fronts.indexOf(name), words: wordsOf[name] });
  return {
    whatsapp: await front('whatsapp'),
    shopify: await front('shopify'),
    quickbooks: await front('quickbooks'),
    sheets: await front('sheets'),
    erp: await front('erp'),
  };
}
