import { expect, test } from 'vitest';
import { templateFields } from './template-fields.ts';
import { templateText } from './template-text.ts';

const positional = {
  isNamed: false,
  components: [
    { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}', example: { header_text: ['A-117'] } },
    { type: 'BODY', text: 'Hello {{1}}, it left at {{ 2 }}. Thanks, {{1}}', example: { body_text: [['Ana', '14:05']] } },
    { type: 'FOOTER', text: 'STOP ends it' },
    {
      type: 'BUTTONS',
      buttons: [
        { type: 'PHONE_NUMBER', text: 'Call' },
        { type: 'URL', text: 'Track', url: 'https://x.test/{{1}}' },
        { type: 'QUICK_REPLY', text: 'Stop' },
      ],
    },
  ],
};

test('each place is asked for once, with its author’s example; a header’s 1 is not the body’s', () => {
  expect(templateFields(positional).map(({ key, part, kind, example }) => [key, part, kind, example])).toEqual([
    ['header', 'header', 'text', 'A-117'],
    ['1', 'body', 'text', 'Ana'],
    ['2', 'body', 'text', '14:05'],
    ['button.1', 'button', 'url', ''],
    ['button.2', 'button', 'payload', ''],
  ]);
});

test('names are kept, and a picture in the header is one value', () => {
  const components = [
    { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['https://x.test/a.png'] } },
    { type: 'BODY', text: 'Hi {{first_name}}', example: { body_text_named_params: [{ param_name: 'first_name', example: 'Ana' }] } },
  ];
  expect(templateFields({ isNamed: true, components })).toMatchObject([
    { key: 'header', kind: 'image' },
    { key: 'first_name', isNamed: true, example: 'Ana' },
  ]);
});

test('what is no description asks for nothing', () =>
  expect(templateFields({ isNamed: false, components: [7, null, { type: 'BODY' }, {}] })).toEqual([]));

test('reads as the customer sees it; a missing value shows its place', () => {
  expect(templateText(positional, { header: 'A-117', '1': 'Ana' })).toEqual({
    header: 'Order A-117',
    body: 'Hello Ana, it left at {{ 2 }}. Thanks, Ana',
    footer: 'STOP ends it',
    buttons: ['Call', 'Track', 'Stop'],
  });
});
