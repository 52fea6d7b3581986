import { SplitProduct, type Services } from '../../product/split-product.ts';
import { emailLine } from './email-line.ts';
import type { Line } from './line.ts';
import { smsLine } from './sms-line.ts';
import { telegramLine } from './telegram-line.ts';
import { whatsappLine } from './whatsapp-line.ts';

/** Four providers with their customers, and a product with two workers that is connected to them. */
export interface Town {
  product: SplitProduct;
  lines: Line[];
  close: () => Promise<void>;
}

export async function openTown(services: Services, seed: number): Promise<Town> {
  const lines = await Promise.all([telegramLine(seed), whatsappLine(seed), emailLine(), smsLine()]);
  const environment = Object.assign({ HOLDFAST_EGRESS_ALLOW: '127.0.0.0/8' }, ...lines.map((line) => line.environment));
  const product = await SplitProduct.start(services, { workers: 2, environment });
  const close = async (): Promise<void> => {
    // The product first: a server waits for whoever is connected.
    await product.close();
    await Promise.all(lines.map((line) => line.close()));
  };
  try {
    for (const line of lines) {
      const id = await line.connect(product);
      if (line.settings) await product.api.call('PATCH', `/api/channels/${id}`, { settings: line.settings });
    }
    return { product, lines, close };
  } catch (error) {
    await close();
    throw error;
  }
}
