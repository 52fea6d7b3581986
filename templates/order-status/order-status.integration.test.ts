import { startDemoService, type DemoService } from '@holdfast/demo-service';
import { createEgress, type Egress } from '@holdfast/egress';
import { HoldfastError } from '@holdfast/errors';
import { catalog } from '@holdfast/nodes/catalog';
import { runners } from '@holdfast/nodes/runners';
import { findBestAnswer } from '@holdfast/reading';
import { talkTo, type Talk } from '@holdfast/test-kit/flows';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { templates } from '../index.ts';

// The sample bot as a stranger meets it: no key, the bundled demo service, the shipped answers.
let demo: DemoService;
let egress: Egress;
beforeAll(async () => {
  demo = await startDemoService({ now: () => new Date('2026-11-23T12:00:00Z') });
  egress = createEgress({ allow: `127.0.0.1:${demo.port}` });
});
afterAll(async () => {
  await egress.close();
  await demo.stop();
});

const meet = (): Talk => {
  const [template] = templates;
  if (!template) throw new Error('No template.');
  const answers = template.answers.map((answer, index) => ({ ...answer, id: `answ_${index}` }));
  return talkTo(template.file, {
    catalog,
    runners,
    variables: { ...template.variables, demo_orders_url: demo.url },
    world: {
      egress: { request: egress.request },
      llm: { complete: async () => Promise.reject(new HoldfastError('llm.no-key', { detail: 'There is no key.' })) },
      store: {
        findCommonAnswer: async (question, language) => findBestAnswer(question, answers, language),
        openHandoff: async () => ({ id: 'hand_1' }),
      },
    },
  });
};

test('tells where an order is', async () => {
  const talk = meet();
  expect(await talk.say('Where is my order A-1001?')).toEqual([
    'Good news: your order A-1001 is on its way with Tide Post. It should arrive on Wednesday, 25 November.',
  ]);
  expect(talk.way).toEqual(['match.order-number', 'lookup.ok', 'compose.review', 'canned.sent', 'done.end']);
});

test('asks for the order number when it is missing, in Spanish too', async () => {
  const talk = meet();
  expect(await talk.say('¿Dónde está mi PEDIDO?')).toEqual(['Gladly. What is your order number? It looks like A-1001.']);
  expect(await talk.say('es el a-1002')).toEqual([
    'Your order A-1002 is packed and leaves us soon. It should arrive on Friday, 27 November.',
  ]);
});

test('tries a busy shop again until it answers', async () => {
  const talk = meet();
  expect((await talk.say('A-1003'))[0]).toContain('was delivered on Sunday, 22 November');
  expect(talk.attempts['lookup']).toBe(3);
});

test('says that it does not know an order', async () => {
  const talk = meet();
  expect(await talk.say('Z-9999')).toEqual([
    'I could not find the order Z-9999. Please look at the number again and write it to me. For a person, write "agent".',
  ]);
  expect(talk.way.at(-1)).toBe('unknown.end');
});

test('brings a person when asked for one, and comes back', async () => {
  for (const wish of ['I want to talk to a human', 'Quiero hablar con una persona', 'AGENTE']) {
    const talk = meet();
    expect(await talk.say(wish)).toEqual(['One moment, please. A colleague will answer you here.']);
    expect(talk.waitsFor).toBe('person');
    expect(await talk.wake({ kind: 'handoff', outcome: 'returned', by: 'Ana' })).toEqual([
      'Thank you for your patience. Write any time if there is more.',
    ]);
  }
});

test('offers a choice when the order number stays unclear', async () => {
  const talk = meet();
  await talk.say('my package, please');
  expect((await talk.say('I lost the mail'))[0]).toContain("I can't find an order number");
  expect((await talk.say('no idea'))[0]).toContain('What would you like?');
  expect(await talk.say('a person')).toEqual(['One moment, please. A colleague will answer you here.']);
});

test('leaves a voice note to a person: nothing is drawn for it, so the run is not bothered', () => {
  const file = templates[0]?.file;
  expect(file?.edges.filter((edge) => edge.from.port === 'media')).toEqual([]);
});

test.each([
  ['When are you open?', 'We are here Monday to Friday'],
  ['¿a que hora abren?', 'Estamos de lunes a viernes'],
  ['how long does the delivery take', 'Delivery takes two to four working days'],
  ['¿Cuánto tarda el envio?', 'La entrega tarda entre dos y cuatro días'],
  ['I want a refund', 'You can return anything within 30 days'],
  ['quiero una devolución', 'Puedes devolver cualquier artículo'],
])('answers "%s" from the library', async (question, start) => {
  const [reply] = await meet().say(question);
  expect(reply?.startsWith(start)).toBe(true);
});

test('offers a menu for what nobody understands, and a person when that is not understood either', async () => {
  const talk = meet();
  expect((await talk.say('blue elephants'))[0]).toContain('I am not sure that I understood');
  expect(await talk.say('purple')).toEqual(['Please choose one of these, or write its number.']);
  await talk.say('green');
  expect(talk.waitsFor).toBe('person');
});

test('takes a choice of the menu by its number or its words', async () => {
  const byNumber = meet();
  await byNumber.say('blue elephants');
  await byNumber.say('2');
  expect(byNumber.waitsFor).toBe('person');
  const byWords = meet();
  await byWords.say('blue elephants');
  expect(await byWords.say('where is my order')).toEqual(['Gladly. What is your order number? It looks like A-1001.']);
});

test('brings a person when the shop does not answer at all', async () => {
  await demo.stop();
  const talk = meet();
  await talk.say('A-1001');
  expect(talk.attempts['lookup']).toBe(4);
  expect(talk.waitsFor).toBe('person');
});
