import { expect, test } from 'vitest';
import { fileNameOf } from './file-name-of.ts';

test.each([
  ['Order status', 'order-status.flow.json'],
  ['¿Dónde está mi pedido?', 'donde-esta-mi-pedido.flow.json'],
  ['../../etc', 'etc.flow.json'],
  ['注文', '注文.flow.json'],
  ['???', 'flow.flow.json'],
])('"%s" is saved as %s', (name, file) => {
  expect(fileNameOf(name)).toBe(file);
});
