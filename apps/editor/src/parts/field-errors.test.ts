import { endpoints } from '@holdfast/contracts';
import i18next from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import { en } from '../i18n/en/index.ts';
import { es } from '../i18n/es/index.ts';
import { fieldErrors } from './field-errors.ts';

beforeAll(async () => {
  await i18next.init({ lng: 'en', resources: { en, es }, defaultNS: 'common', interpolation: { escapeValue: false } });
});

const setup = endpoints.setup.body;
const words = (language: string) => i18next.getFixedT(language, 'common');

test('an empty form asks for every field in plain words', () => {
  if (!setup) throw new Error('The contract of setup has a body.');
  expect(fieldErrors(setup, { name: '', email: '', password: '', workspace: '' }, words('en'))).toEqual({
    name: 'Fill this in',
    email: 'Write an email address, like ana@example.com',
    password: 'Use at least 10 characters',
    workspace: 'Fill this in',
  });
});

test('the words are Spanish for a Spanish reader', () => {
  if (!setup) throw new Error('The contract of setup has a body.');
  expect(fieldErrors(setup, { name: 'Ana', email: 'ana@example.com', password: 'corta', workspace: 'Faro' }, words('es'))).toEqual({
    password: 'Usa al menos 10 caracteres',
  });
});

test('what fits has no errors', () => {
  if (!setup) throw new Error('The contract of setup has a body.');
  expect(fieldErrors(setup, { name: 'Ana', email: 'ana@example.com', password: 'una larga', workspace: 'Faro' }, words('es'))).toEqual({
    password: 'Usa al menos 10 caracteres',
  });
  expect(
    fieldErrors(setup, { name: 'Ana', email: 'ana@example.com', password: 'suficientemente larga', workspace: 'Faro' }, words('es')),
  ).toEqual({});
});
