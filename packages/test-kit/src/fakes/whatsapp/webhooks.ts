import { createHmac } from 'node:crypto';
import type { FakeNumber } from './number.ts';

export interface Delivery {
  /** Every try of it. */
  statuses: number[];
  body: Buffer;
}

export interface WebhookManner {
  /** Retries come this much sooner: 0.01 turns a second into 10 ms. */
  timeScale: number;
  maxTries: number;
  random: () => number;
}

/** What Meta writes outside ASCII as `\uXXXX`, before it signs. */
export const escaped = (json: string): string =>
  json.replaceAll(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

export const signatureOf = (appSecret: string, body: Buffer): string =>
  `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;

/** One change in Meta's envelope. */
export const envelopeOf = (number: FakeNumber, changes: { field: string; value: object }[]): object => ({
  object: 'whatsapp_business_account',
  entry: [{ id: number.wabaId, time: Math.floor(Date.now() / 1_000), changes }],
});

export const metadataOf = (number: FakeNumber): object => ({
  messaging_product: 'whatsapp',
  metadata: { display_phone_number: number.displayPhoneNumber, phone_number_id: number.phoneNumberId },
});

/** Posts signed bytes until they are taken; what isn't 2xx is tried again, ever later. */
export async function deliver(number: FakeNumber, body: Buffer, { timeScale, maxTries, random }: WebhookManner): Promise<Delivery> {
  const delivery: Delivery = { statuses: [], body };
  const url = number.callbackUrl;
  if (url === null) return delivery;
  if (number.mess.shuffle) await pause(random() * 60);
  const copies = number.mess.duplicate ? 2 : 1;
  for (let copy = 0; copy < copies; copy += 1) {
    for (let attempt = 0; attempt < maxTries; attempt += 1) {
      const status = await post(url, number.appSecret, body);
      delivery.statuses.push(status);
      if (status >= 200 && status < 300) break;
      await pause(1_000 * 2 ** Math.min(attempt, 6) * timeScale);
    }
  }
  return delivery;
}

async function post(url: string, appSecret: string, body: Buffer): Promise<number> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(20_000),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'facebookexternalua',
        'x-hub-signature-256': signatureOf(appSecret, body),
      },
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
