import { expect, test } from 'vitest';
import { findAnswers } from './find-answers.ts';

const hours = {
  id: '1',
  questions: ['¿Cuándo abrís?', 'Horario'],
  answer: 'De 9 a 17.',
  language: 'es',
  updatedAt: '2026-03-04T10:00:00Z',
};
const returns = {
  id: '2',
  questions: ['How do I return it?'],
  answer: 'Within 30 days.',
  language: 'en',
  updatedAt: '2026-03-04T10:00:00Z',
};

test('accents and case do not matter', () => {
  expect(findAnswers([hours, returns], 'CUANDO abris')).toEqual([hours]);
});

test('every word counts, in questions and answers alike', () => {
  expect(findAnswers([hours, returns], 'return 30')).toEqual([returns]);
  expect(findAnswers([hours, returns], 'return 31')).toEqual([]);
});

test('an empty search finds all', () => {
  expect(findAnswers([hours, returns], ' ')).toEqual([hours, returns]);
});
