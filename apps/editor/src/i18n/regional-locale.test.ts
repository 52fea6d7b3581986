import { expect, test } from 'vitest';
import { regionalLocale } from './regional-locale.ts';

test('takes the browser’s region of the chosen language', () => {
  expect(regionalLocale('es', ['en-GB', 'es-MX', 'es'])).toBe('es-MX');
});

test('a browser of another language leaves the language alone', () => {
  expect(regionalLocale('es', ['en-GB', 'est'])).toBe('es');
});

test('passes over what is no locale: a browser on a machine without one', () => {
  expect(regionalLocale('en', ['en-US@posix', 'en-GB'])).toBe('en-GB');
  expect(regionalLocale('en', ['en-US@posix'])).toBe('en');
});
