import { flowFile } from '@holdfast/graph';
import dailyReport from './daily-report/flow.json' with { type: 'json' };
import { answers } from './order-status/answers.ts';
import invoiceByEmail from './invoice-by-email/flow.json' with { type: 'json' };
import orderStatus from './order-status/flow.json' with { type: 'json' };
import orderConfirmations from './order-confirmations/flow.json' with { type: 'json' };
import orderWebhook from './order-webhook/flow.json' with { type: 'json' };
import supportDesk from './support-desk/flow.json' with { type: 'json' };
import type { Template } from './template.ts';

export { freshFile } from './fresh-file.ts';
export type { Template } from './template.ts';

/** Where the demo service listens is known to the app alone, which puts its address in. */
const demo = { demo_orders_url: 'http://127.0.0.1:4010' };

const shop = { shop_name: 'Kelp & Co.', opening_hours: 'Monday to Friday from 9:00 to 18:00, Saturday from 10:00 to 14:00' };

/** In the order they are shown; the first is the sample bot that is live from the start. */
export const templates: readonly Template[] = [
  {
    id: 'order-status',
    name: 'Order status',
    summary: 'A chat bot that looks up orders, answers common questions and hands over to a person.',
    file: flowFile.parse(orderStatus),
    answers,
    variables: { ...demo, ...shop },
  },
  {
    id: 'order-confirmations',
    name: 'Order confirmations',
    summary: 'The smallest useful thing: your shop reports an order, the customer gets its confirmation on WhatsApp or by email.',
    file: flowFile.parse(orderConfirmations),
    answers: [],
    variables: {},
  },
  {
    id: 'invoice-by-email',
    name: 'Invoice by email',
    summary: 'Your shop or books report an invoice; the customer gets it as a PDF by email.',
    file: flowFile.parse(invoiceByEmail),
    answers: [],
    variables: { shop_name: shop.shop_name },
  },
  {
    id: 'support-desk',
    name: 'Support on every channel',
    summary: 'One bot on WhatsApp, Telegram, email and SMS: choices, orders, questions, and a person whenever somebody wants one.',
    file: flowFile.parse(supportDesk),
    answers,
    variables: { ...demo, ...shop },
  },
  {
    id: 'order-webhook',
    name: 'Order check',
    summary: 'Another system sends an order; the caller gets the shop’s confirmation as the answer.',
    file: flowFile.parse(orderWebhook),
    answers: [],
    variables: demo,
  },
  {
    id: 'daily-report',
    name: 'Daily report',
    summary: 'Looks at the orders every weekday morning and reports what is late.',
    file: flowFile.parse(dailyReport),
    answers: [],
    variables: demo,
  },
];
