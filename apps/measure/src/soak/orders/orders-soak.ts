import { setTimeout as pause } from 'node:timers/promises';
import { createRandom } from '@holdfast/test-kit/fakes';
import { Product } from '../../product/product.ts';
import { findSecrets } from '../secrets/find-secrets.ts';
import { settled } from '../settled.ts';
import { whatsappChange } from '../whatsapp-change.ts';
import { connectMarket } from './connect-market.ts';
import { isKept, judgeOrders, type OrdersJudgement } from './judge-orders.ts';
import { openMarket, skus, type Market } from './market.ts';
import { answerQuestions, type Answered } from './operator.ts';
import { ordersFlow } from './orders-flow.ts';
import type { OrdersSoakOptions } from './orders-options.ts';
import { soughtIn } from './sought.ts';

export interface OrdersSoakReport {
  seed: number;
  orders: number;
  /** Before any trouble: one order, from end to end. */
  calm: OrdersJudgement;
  /** When everything has settled by itself. */
  byItself: OrdersJudgement;
  /** What a person was asked and answered. */
  answered: Answered;
  /** After that. */
  afterwards: OrdersJudgement;
  /** What the providers' bad ways did. */
  troubles: Record<string, object>;
  kills: number;
  /** Stores in which a secret was found: must be empty. */
  secretsIn: string[];
  seconds: number;
  passed: boolean;
}

/**
 * Orders by WhatsApp go through a shop, an ERP, the books, a sheet and the mail, while every provider fails, one is away, and the process that executes is
 * killed. The providers' own books are the witnesses.
 */
export async function ordersSoak(options: OrdersSoakOptions, say: (text: string) => void): Promise<OrdersSoakReport> {
  const startedAt = performance.now();
  const market = await openMarket(options);
  const product = await Product.start(environmentOf(market));
  try {
    await product.api.pauseAllFlows();
    const connected = await connectMarket(product, market);
    await product.api.publish(ordersFlow(connected));
    const calm = await calmOrder(product, market);
    say(`One order in calm: ${JSON.stringify(calm)}`);
    const names = Array.from({ length: options.orders }, (_, index) => `K-${String(index + 1).padStart(4, '0')}`);
    const kills = await storm(product, market, { options, names, say });
    await product.healthy(180_000);
    await settled(product, say);
    const byItself = await judgeOrders(product, market, names);
    say(`Settled by itself: ${JSON.stringify(byItself)}`);
    for (const trouble of Object.values(market.troubles)) trouble.share(0);
    const answered = await answerQuestions(product, market, { connected, settled: () => settled(product, say, { quietMs }) });
    const afterwards = await judgeOrders(product, market, names);
    const secretsIn = await findSecrets(product, await soughtIn(product, market));
    return {
      seed: options.seed,
      orders: options.orders,
      calm,
      byItself,
      answered,
      afterwards,
      troubles: Object.fromEntries(Object.entries(market.troubles).map(([name, { counts }]) => [name, counts])),
      kills,
      secretsIn,
      seconds: Math.round((performance.now() - startedAt) / 1_000),
      passed:
        [calm, byItself, afterwards].every(isKept) && calm.complete === 1 && afterwards.complete === names.length && secretsIn.length === 0,
    };
  } finally {
    await product.remove();
    await market.close();
  }
}

/** What a person answered may be applied a moment later. */
const quietMs = 3_000;

/** All that is beside the connections: where WhatsApp is, and that the mail servers may stand on this machine. */
const environmentOf = ({ ways, mail }: Market): Record<string, string> => ({
  HOLDFAST_WHATSAPP_API_URL: ways.whatsapp.url,
  HOLDFAST_EGRESS_ALLOW: [mail.mailbox.port, mail.sink.port].map((port) => `127.0.0.1:${port}`).join(','),
});

async function calmOrder(product: Product, market: Market): Promise<OrdersJudgement> {
  await write(market, 'K-0000', 0);
  await settled(product, () => undefined);
  return judgeOrders(product, market, ['K-0000']);
}

interface Storm {
  options: OrdersSoakOptions;
  names: readonly string[];
  say: (text: string) => void;
}

/** Orders come, calls fail, one provider goes away and comes back, and the process that executes is killed. Answers how often. */
async function storm(product: Product, market: Market, { options, names, say }: Storm): Promise<number> {
  const random = createRandom(options.seed);
  for (const trouble of Object.values(market.ways)) trouble.share(options.faultShare);
  market.troubles.mail.share(options.mailShare);
  market.troubles.mail.next(...options.mailTroubles);
  const customers = (async () => {
    for (const [index, name] of names.entries()) {
      await write(market, name, index + 1);
      await pause(options.everyMs);
    }
  })();
  const outage = (async () => {
    await pause(options.everyMs * 3);
    market.ways.quickbooks.down();
    say('The books are away.');
    await pause(options.awayMs);
    market.ways.quickbooks.up();
    say('The books are back.');
  })();
  let kills = 0;
  const everyMs = (options.everyMs * options.orders) / (options.appKills + 1);
  while (kills < options.appKills) {
    await pause(everyMs * (0.5 + random()));
    if (product.kill('app')) kills += 1;
  }
  await Promise.all([customers, outage]);
  return kills;
}

/** As WhatsApp does: again, as the same message, until it was heard. */
async function write({ whatsapp, number }: Market, order: string, index: number): Promise<void> {
  const from = `34600${String(100_000 + index)}`;
  const text = `Order ${order}: ${1 + (index % 5)} x ${skus[index % skus.length]}`;
  const change = whatsappChange(number, { from, name: `Customer ${index}`, id: order, text });
  for (;;) {
    const { statuses } = await whatsapp.push([change]);
    if (statuses.includes(200)) return;
    await pause(250);
  }
}
