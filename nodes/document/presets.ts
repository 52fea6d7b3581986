import type { Preset } from '@holdfast/node-kit';

const seller = '**Your company**\nYour address';
const buyer = '**{{ trigger.body.customer.name }}**\n{{ trigger.body.customer.address }}';
const lines = '{{ trigger.body.lines }}';
const columns = [
  { label: 'Description', value: 'description', width: 'wide' },
  { label: 'Quantity', value: 'quantity', as: 'number', align: 'right' },
  { label: 'Price', value: 'price', as: 'money', align: 'right' },
  { label: 'Amount', value: 'quantity * price', as: 'money', align: 'right' },
];
// In another language of the editor the preset is in that language, too.
const common = { textFormat: 'rich', language: 'en-GB', footer: 'Your company · Your address · Your tax number' };

/** What most people make first. Staff put their own values in place of these. */
export const presets: readonly Preset[] = [
  {
    name: 'Invoice',
    config: {
      ...common,
      title: 'Invoice {{ trigger.body.number }}',
      blocks: [
        { kind: 'heading', heading: 'Invoice {{ trigger.body.number }}' },
        { kind: 'sides', text: seller, textRight: buyer },
        {
          kind: 'facts',
          lines: [
            { label: 'Date', value: '{{ trigger.body.date }}', as: 'date' },
            { label: 'Due on', value: '{{ trigger.body.due }}', as: 'date' },
          ],
        },
        { kind: 'table', items: lines, columns },
        {
          kind: 'totals',
          lines: [
            { label: 'Net', value: '{{ trigger.body.net }}', as: 'money' },
            { label: 'Tax', value: '{{ trigger.body.tax }}', as: 'money' },
            { label: 'Total', value: '{{ trigger.body.total }}', as: 'money', strong: true },
          ],
        },
        { kind: 'text', text: 'Thank you for your order.' },
      ],
    },
  },
  {
    name: 'Order confirmation',
    config: {
      ...common,
      title: 'Order {{ trigger.body.number }}',
      blocks: [
        { kind: 'heading', heading: 'Your order {{ trigger.body.number }}' },
        { kind: 'text', text: 'Hello {{ trigger.body.customer.name }},\n\nthank you. This is what you ordered:' },
        { kind: 'table', items: lines, columns },
        { kind: 'totals', lines: [{ label: 'Total', value: '{{ trigger.body.total }}', as: 'money', strong: true }] },
        {
          kind: 'facts',
          lines: [
            { label: 'Delivery to', value: '{{ trigger.body.customer.address }}' },
            { label: 'Expected on', value: '{{ trigger.body.expected }}', as: 'date' },
          ],
        },
      ],
    },
  },
  {
    name: 'Receipt',
    config: {
      ...common,
      title: 'Receipt {{ trigger.body.number }}',
      blocks: [
        { kind: 'heading', heading: 'Receipt' },
        {
          kind: 'facts',
          lines: [
            { label: 'Number', value: '{{ trigger.body.number }}' },
            { label: 'Received from', value: '{{ trigger.body.customer.name }}' },
            { label: 'For', value: '{{ trigger.body.purpose }}' },
            { label: 'Paid on', value: '{{ trigger.body.date }}', as: 'date' },
          ],
        },
        { kind: 'totals', lines: [{ label: 'Received', value: '{{ trigger.body.total }}', as: 'money', strong: true }] },
      ],
    },
  },
  {
    name: 'Letter',
    config: {
      ...common,
      title: 'Letter to {{ trigger.body.customer.name }}',
      blocks: [
        { kind: 'sides', text: buyer, textRight: seller },
        { kind: 'facts', lines: [{ label: 'Date', value: '{{ run.startedAt }}', as: 'date' }] },
        { kind: 'heading', heading: 'About your order', level: '2' },
        { kind: 'text', text: 'Dear {{ trigger.body.customer.name }},\n\n{{ trigger.body.text }}\n\nKind regards' },
      ],
    },
  },
];
