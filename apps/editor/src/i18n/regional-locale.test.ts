import { expect, test } from 'vitest';
import { regionalLocale } from './regional-locale.ts';

test('takes the browser’s region of the chosen language', () => {
  expect(regionalLocale('es', ['en-GB', 'es-MX', 'es'])).toBe('es-MX');
});

test('a browser of another language leaves the language alone', () => {
  expect(regionalLocale('es', ['en-GB', 'est'])).toBe('es');
});
