import type { Sample } from '@holdfast/node-kit';

const order = { id: 'order', name: 'Order', kind: 'words', words: ['order', 'pedido', '订单', 'طلب', 'заказ'] };
const text = (written: string) => ({ trigger: { text: written } });

export const samples: readonly Sample[] = [
  {
    name: 'finds a word whatever its case',
    config: { rules: [order] },
    input: text('Where is my ORDER?'),
    expect: {
      port: 'order',
      output: { rule: 'order', name: 'Order', match: 'order', value: 'order', groups: [], text: 'Where is my ORDER?' },
    },
  },
  {
    name: 'ignores accents',
    config: { rules: [{ id: 'bill', name: 'Bill', kind: 'words', words: ['facturación'] }] },
    input: text('duda sobre FACTURACION'),
    expect: { port: 'bill' },
  },
  { name: 'leaves by otherwise when nothing fits', config: { rules: [order] }, input: text('Good morning'), expect: { port: 'otherwise' } },
  { name: 'does not find a word inside another', config: { rules: [order] }, input: text('At the border'), expect: { port: 'otherwise' } },
  { name: 'finds Chinese words without spaces', config: { rules: [order] }, input: text('我的订单在哪里'), expect: { port: 'order' } },
  {
    name: 'finds a phrase in one piece',
    config: { rules: [{ id: 'late', name: 'Late', kind: 'phrase', words: ['not arrived'] }] },
    input: text('It has NOT  arrived yet'),
    expect: { port: 'late' },
  },
  {
    name: 'forgives typing mistakes',
    config: { rules: [{ id: 'refund', name: 'Refund', kind: 'fuzzy', words: ['refund'] }] },
    input: text('i want a refnud'),
    expect: { port: 'refund' },
  },
  {
    name: 'reads a number',
    config: { rules: [{ id: 'amount', name: 'Amount', kind: 'number' }] },
    input: text('I paid 1.234,50 euros'),
    expect: {
      port: 'amount',
      output: { rule: 'amount', name: 'Amount', match: '1.234,50', value: 1234.5, groups: ['1234.5'], text: 'I paid 1.234,50 euros' },
    },
  },
  {
    name: 'reads an order number',
    config: { rules: [{ id: 'order-number', name: 'Order number', kind: 'order-id' }] },
    input: text('it is #a-1001, thanks'),
    expect: {
      port: 'order-number',
      output: {
        rule: 'order-number',
        name: 'Order number',
        match: 'A-1001',
        value: 'A-1001',
        groups: ['A-1001'],
        text: 'it is #a-1001, thanks',
      },
    },
  },
  {
    name: 'reads groups of a regular expression',
    config: { rules: [{ id: 'table', name: 'Table', kind: 'regex', pattern: 'table for (\\d+)' }] },
    input: text('A Table for 4 please'),
    expect: {
      port: 'table',
      output: { rule: 'table', name: 'Table', match: 'Table for 4', value: '4', groups: ['4'], text: 'A Table for 4 please' },
    },
  },
  {
    name: 'takes the first of several rules that fit',
    config: { rules: [{ id: 'human', name: 'Human', kind: 'words', words: ['agent'] }, order] },
    input: text('an agent for my order'),
    expect: { port: 'human' },
  },
];
