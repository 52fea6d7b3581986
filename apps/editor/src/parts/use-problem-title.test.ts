import { codes } from '@holdfast/errors';
import i18next from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { en } from '../i18n/en/index.ts';
import { es } from '../i18n/es/index.ts';
import { hintOfProblem, titleOfProblem } from './use-problem-title.ts';

const all = Object.keys(codes);
beforeAll(async () => {
  await i18next.init({ lng: 'en', resources: { en, es }, interpolation: { escapeValue: false } });
});

describe.each(['en', 'es'])('in %s', (language) => {
  test('every code of the error table has a title and says what can be done', () => {
    const [titles, hints] = [i18next.getFixedT(language, 'problems'), i18next.getFixedT(language, 'hints')];
    for (const code of all) {
      expect.soft(titleOfProblem(titles, { code, title: '' }), code).not.toMatch(/^$|^[a-z-]+\.[a-z-]+$/);
      expect.soft(hintOfProblem(hints, { code }), code).not.toMatch(/^$|^[a-z-]+\.[a-z-]+$/);
    }
  });
});

test('a code that this build does not know keeps the server’s title', () => {
  expect(titleOfProblem(i18next.getFixedT('es', 'problems'), { code: 'moon.full', title: 'The moon is full' })).toBe('The moon is full');
  expect(hintOfProblem(i18next.getFixedT('es', 'hints'), { code: 'moon.full' })).toBeNull();
});
