import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  startErpFake,
  startGoogleSheetsFake,
  startQuickbooksFake,
  startShopifyFake,
  startSocks5Proxy,
  startTroubledFront,
  startWhatsAppFake,
  type TroubledFront,
} from '@holdfast/test-kit/fakes';
import { createMailTroubles, smtpLogin } from '@holdfast/test-kit/mail';
import { openMailAccount } from '../../product/mail-account.ts';
import type { OrdersSoakOptions } from './orders-options.ts';
import type { Secrets } from '../secrets/create-search.ts';
import { wordsOf } from './provider-words.ts';

const fronts = ['whatsapp', 'shopify', 'quickbooks', 'sheets', 'erp'] as const;
export type FrontName = (typeof fronts)[number];

export const spreadsheet = '1OrdersOfTheSoakAbCdEf';
/** An address that exists in the ERP's own network alone. */
export const erpUrl = 'http://erp.internal:8080';
export const skus = ['MILK-1', 'BREAD-2', 'SALT-3'] as const;
export const priceOf = (sku: string): number => ({ 'MILK-1': 1.2, 'BREAD-2': 2.5, 'SALT-3': 0.8 })[sku] ?? 0;

/** Every provider of the orders flow, each behind a bad way that can be made worse. */
export type Market = Awaited<ReturnType<typeof openMarket>>;

/** Secrets of this run alone, so that none is found by chance. */
const canary = (name: string): string => `canary-${name}-${randomBytes(9).toString('hex')}`;

export async function openMarket({ seed, limitShare }: OrdersSoakOptions) {
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const whatsapp = await startWhatsAppFake({ seed });
  const number = whatsapp.addNumber({ token: canary('whatsapp'), appSecret: canary('app-secret') });
  const { shop, stopRefill } = await openShop(limitShare);
  const books = await openBooks(limitShare);
  const google = await openSheets(limitShare, keys.publicKey);
  const erp = await openErp();
  const mailTroubles = createMailTroubles(seed + fronts.length);
  const mail = await openMailAccount(mailTroubles);
  const ways = await openWays(seed, {
    whatsapp: whatsapp.url,
    shopify: shop.url,
    quickbooks: books.url,
    sheets: google.url,
    erp: erp.fake.url,
  });
  const proxy = await openProxy(ways.erp);
  const { oauth } = books;
  return {
    whatsapp,
    number,
    shop,
    books,
    google,
    erp,
    proxy,
    mail,
    ways,
    /** What goes wrong in front of each provider; the mail server does it itself. */
    troubles: { ...ways, mail: mailTroubles },
    serviceAccount: { type: 'service_account', client_email: 'orders@kelp.example', private_key: keys.privateKey },
    /** What must be found nowhere. */
    secrets: (): Secrets => ({
      'the WhatsApp token': number.token,
      'the app secret': number.appSecret,
      "the shop's token": shop.accessToken,
      "the books' client secret": oauth.clientSecret,
      'a private key': keys.privateKey.split('\n')[3] ?? keys.privateKey,
      'the mail password': smtpLogin.password,
      "the ERP's password": erp.user.password,
      "the proxy's password": proxy.login.password,
      ...numbered([...oauth.accessTokens, ...oauth.refreshTokens.keys(), ...google.oauth.accessTokens]),
    }),
    close: async () => {
      stopRefill();
      for (const each of [...Object.values(ways), proxy.fake, whatsapp, shop, books, google, erp.fake, mail]) await each.close();
    },
  };
}

const numbered = (tokens: readonly string[]): Secrets => Object.fromEntries(tokens.map((token, index) => [`token ${index + 1}`, token]));

/** Time goes ten times as fast. */
const minuteMs = 6_000;

async function openShop(limitShare: number) {
  const shop = await startShopifyFake();
  for (const sku of skus) shop.addVariant(sku, { price: String(priceOf(sku)), available: { Main: 1_000_000 } });
  Object.assign(shop.bucket, {
    maximum: 2_000 * limitShare,
    left: 2_000 * limitShare,
    restoreRate: 100 * limitShare * (60_000 / minuteMs),
  });
  const refill = setInterval(() => shop.wait(1), 1_000);
  return { shop, stopRefill: () => clearInterval(refill) };
}

async function openBooks(limitShare: number) {
  const books = await startQuickbooksFake();
  books.limit(500 * limitShare, minuteMs);
  for (const sku of skus) books.add('Item', { Name: sku, UnitPrice: priceOf(sku), Active: true });
  return books;
}

async function openSheets(limitShare: number, publicKey: string) {
  const google = await startGoogleSheetsFake({ publicKey });
  google.sheet(spreadsheet).push(['Order', 'Customer', 'SKU', 'Quantity']);
  // A service account is one user: 60 a minute.
  google.manner({ perMinute: 60 * limitShare, minuteMs });
  return google;
}

/** It makes every order that it is asked for, however often: nothing but us keeps it from making one twice. */
async function openErp() {
  const user = { username: 'orders', password: canary('erp') };
  const fake = await startErpFake({ user });
  for (const sku of skus) fake.book.stock.set(sku, { available: 1_000_000, price: priceOf(sku) * 100 });
  return { fake, user, wsdl: fake.wsdl.replaceAll(fake.url, erpUrl) };
}

/** The only way to the ERP, whose name nobody else knows. */
async function openProxy(way: TroubledFront) {
  const login = { username: 'holdfast', password: canary('proxy') };
  return { login, fake: await startSocks5Proxy({ login, names: { [new URL(erpUrl).host]: `127.0.0.1:${way.port}` } }) };
}

/** These count their calls, and say 429 when it is true. */
const counts = new Set<FrontName>(['quickbooks', 'sheets']);
const troubles = ['broken', 'unavailable', 'cut-before', 'cut-after'] as const;

type Targets = Record<FrontName, string>;

async function openWays(seed: number, targets: Targets): Promise<Record<FrontName, TroubledFront>> {
  const front = (name: FrontName) =>
    startTroubledFront({
      target: targets[name],
      seed: seed + fronts.indexOf(name),
      words: wordsOf[name],
      ...(counts.has(name) ? { troubles } : {}),
    });
  return {
    whatsapp: await front('whatsapp'),
    shopify: await front('shopify'),
    quickbooks: await front('quickbooks'),
    sheets: await front('sheets'),
    erp: await front('erp'),
  };
}
