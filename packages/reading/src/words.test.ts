import { expect, test } from 'vitest';
import { normalise } from './normalise.ts';
import { containsWord } from './words.ts';

test.each([
  ['FACTURACIÓN', 'facturacion'],
  ['Straße', 'strasse'],
  ['ＦＵＬＬ　ＷＩＤＴＨ', 'full width'],
  ['İstanbul', 'istanbul'],
  ['Ёлка', 'елка'],
  ['طَلَبـــي', 'طلبي'],
  ['٤٢', '42'],
  ['zero\u200Bwidth', 'zerowidth'],
  ['हिन्दी', 'हिन्दी'],
  ['がか', 'がか'],
])('"%s" is compared as "%s"', (written, plain) => {
  expect(normalise(written)).toBe(plain.normalize('NFC'));
});

test.each([
  ['Where is my ORDER?', 'order', true],
  ['reorder it', 'order', false],
  ['orders', 'order', false],
  ['my-order', 'order', true],
  ['order2', 'order', false],
  ['¿Dónde está?', 'donde', true],
  ['我的订单在哪里', '订单', true],
  ['ご注文はどこ', '注文', true],
  ['สั่งซื้อสินค้า', 'สินค้า', true],
  ['أين طلبي', 'طلبي', true],
  ['где мой ЗАКАЗ', 'заказ', true],
  ['заказчик', 'заказ', false],
  ['मेरा ऑर्डर कहाँ है', 'ऑर्डर', true],
  ['thanks 👍 a lot', '👍', true],
  ['not   arrived\nyet', 'not arrived yet', true],
  ['', 'order', false],
  ['order', '', false],
  ['c++ is fine', 'c++', true],
  ['👨‍👩‍👧 family', 'family', true],
])('"%s" holds "%s": %s', (text, word, holds) => {
  expect(containsWord(text, word)).toBe(holds);
});
