import type { Connected } from './connect-market.ts';
import { spreadsheet } from './market.ts';

/** "Order K-007: 2 x MILK-1", as the customers write. */
const pattern = '(?i)order ([a-z]-\\d+): (\\d+) x ([a-z]+-\\d)';
const order = '{{ nodes.what.groups[0] }}';
const quantity = '{{ nodes.what.groups[1] }}';
const sku = '{{ nodes.what.groups[2] }}';

/** WhatsApp order → stock in the shop → order in the ERP by SOAP behind a proxy → invoice → row in a sheet → PDF by mail → reply. */
export function ordersFlow({ whatsapp, mail, shopify, quickbooks, sheets, createOrder }: Connected): unknown {
  const steps = [
    { id: 'start', type: 'channel-trigger', config: { channels: [whatsapp], chats: 'all' } },
    { id: 'what', type: 'pattern-match', config: { rules: [{ id: 'order', name: 'Order', kind: 'regex', pattern }] } },
    { id: 'stock', type: 'shopify', config: { operation: 'find-product', credential: shopify, sku } },
    {
      id: 'order',
      type: createOrder.type,
      config: {
        ...createOrder.config,
        values: { clientOrderId: order, customer: 'K-1', 'lines.line': { json: `[{"sku": "${sku}", "quantity": ${quantity}}]` } },
        effect: 'once',
        firstDelay: '1s',
        attempts: 12,
      },
    },
    {
      id: 'customer',
      type: 'quickbooks',
      config: { operation: 'save-customer', credential: quickbooks, customer: '{{ contact.name }}' },
    },
    {
      id: 'invoice',
      type: 'quickbooks',
      config: {
        operation: 'create-invoice',
        credential: quickbooks,
        customer: '{{ contact.name }}',
        lines: [{ item: sku, quantity }],
        note: order,
      },
    },
    {
      id: 'row',
      type: 'google-sheets',
      config: {
        operation: 'append',
        credential: sheets,
        spreadsheet,
        values: { Order: order, Customer: '{{ contact.name }}', SKU: sku, Quantity: quantity },
        uniqueColumn: 'Order',
      },
    },
    {
      id: 'paper',
      type: 'document',
      config: {
        title: `Invoice ${order}`,
        blocks: [
          { kind: 'heading', heading: `Invoice ${order}` },
          { kind: 'text', text: `${quantity} x ${sku}, for {{ contact.name }}` },
        ],
      },
    },
    {
      id: 'mail',
      type: 'message-contact',
      config: {
        channel: mail,
        address: '{{ nodes.what.groups[0] | downcase }}@customers.example',
        name: '{{ contact.name }}',
        subject: `Your order ${order}`,
        text: `Thank you for your order ${order}. The invoice is attached.`,
        files: [{ fileId: '{{ nodes.paper.file }}' }],
      },
    },
    { id: 'unclear', type: 'send-message', config: { text: 'Please write: Order K-0001: 2 x MILK-1' } },
    { id: 'reply', type: 'send-message', config: { text: `${order} is on its way.` } },
  ];
  const ways: [string, string, string][] = [
    ['start', 'message', 'what'],
    ['what', 'order', 'stock'],
    ['what', 'otherwise', 'unclear'],
    ['stock', 'done', 'order'],
    ['order', 'ok', 'customer'],
    ['customer', 'done', 'invoice'],
    ['invoice', 'done', 'row'],
    ['row', 'done', 'paper'],
    ['paper', 'done', 'mail'],
    ['mail', 'sent', 'reply'],
  ];
  return {
    format: 'holdfast.flow/1',
    name: 'Orders',
    settings: { mergeBurst: '0s' },
    nodes: steps.map((step, index) => ({ ...step, typeVersion: 1, name: step.id, position: { x: index * 320, y: 0 } })),
    edges: ways.map(([node, port, to], index) => ({ id: `e${index}`, from: { node, port }, to: { node: to } })),
  };
}
