import { expect, test } from 'vitest';
import { preferredLanguage } from './i18n.ts';

test('what the person chose wins', () => {
  expect(preferredLanguage(['en-GB'], 'es')).toBe('es');
});

test('else the first language of the browser that we speak', () => {
  expect(preferredLanguage(['fr-FR', 'es-MX', 'en'], null)).toBe('es');
});

test('else English', () => {
  expect(preferredLanguage(['fr-FR'], 'tlh')).toBe('en');
});
