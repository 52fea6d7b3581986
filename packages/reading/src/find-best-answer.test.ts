import { expect, test } from 'vitest';
import { findBestAnswer, type CommonAnswer } from './find-best-answer.ts';

const answers: CommonAnswer[] = [
  { id: 'open', questions: ['When are you open?', 'What are your opening hours?'], answer: 'Nine to six.', language: 'en' },
  { id: 'abierto', questions: ['¿Cuál es el horario?', '¿Cuándo abren?'], answer: 'De nueve a seis.', language: 'es' },
  { id: 'delivery', questions: ['How long does delivery take?', 'delivery time'], answer: 'Two days.', language: 'en' },
  { id: 'chinese', questions: ['你们几点开门？'], answer: '九点。', language: 'zh' },
  { id: 'pay', questions: ['How can I pay?', 'payment methods'], answer: 'By card.', language: '' },
];

test.each([
  ['when do you open', 'open'],
  ['opening hours please', 'open'],
  ['cuando abren??', 'abierto'],
  ['cual es su horario', 'abierto'],
  ['How long will the delivery take?', 'delivery'],
  ['你们几点开门', 'chinese'],
  ['which payment methods can I use', 'pay'],
])('"%s" is answered by %s', (question, id) => {
  expect(findBestAnswer(question, answers)?.id).toBe(id);
});

test.each(['Where is my order A-1001?', 'my dog ate it', 'hello', '', '???', 'I want to open a complaint about the delivery of my sofa'])(
  '"%s" is left to somebody else',
  (question) => {
    expect(findBestAnswer(question, answers)).toBeNull();
  },
);

test('the customer’s language decides between equals', () => {
  const twice = [
    { id: 'en', questions: ['menu'], answer: 'Menu', language: 'en' },
    { id: 'es', questions: ['menú'], answer: 'Menú', language: 'es-AR' },
  ];
  expect(findBestAnswer('menu', twice, 'es')?.id).toBe('es');
  expect(findBestAnswer('menu', twice, 'en-GB')?.id).toBe('en');
});

test('a library of 500 answers is searched while nobody notices', () => {
  const many = Array.from({ length: 500 }, (_, index) => ({
    id: `a${index}`,
    questions: [`question number ${index} about thing ${index}`, `thing ${index}`],
    answer: 'x',
    language: '',
  }));
  const start = performance.now();
  findBestAnswer('what about the thing 250 that I asked for yesterday in the evening', many);
  expect(performance.now() - start).toBeLessThan(500);
});
