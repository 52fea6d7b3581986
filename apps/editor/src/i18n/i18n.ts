import i18next, { type i18n as Instance } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { en } from './en/index.ts';
import { createTranslator, type Translate } from './translator.ts';

export const languages = ['en', 'es'] as const;
export type Language = (typeof languages)[number];

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: typeof en;
    returnNull: false;
  }
}

const storageKey = 'holdfast.language';
const isLanguage = (text: string | null | undefined): text is Language => languages.some((language) => language === text);

const load: Record<Language, () => Promise<typeof en>> = {
  en: async () => (await import('./en/index.ts')).en,
  es: async () => (await import('./es/index.ts')).es,
};

const stored = (): string | null => {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null; // storage may be blocked; the browser's language decides then
  }
};

/** The person's choice, else the first language of the browser that we speak, else English. */
export function preferredLanguage(wanted: readonly string[] = navigator.languages, chosen = stored()): Language {
  if (isLanguage(chosen)) return chosen;
  return wanted.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en';
}

/** The server writes English; who reads another language gets its sentences in that. */
const translators = new Map<string, Translate>();
const untranslated: Translate = () => null;
export const translatorFor = (language: string): Translate => translators.get(language) ?? untranslated;

async function addSentences(language: Language): Promise<void> {
  if (language !== 'es' || translators.has('es')) return;
  const { sentences, sayFinding } = await import('./es/said.ts');
  translators.set('es', createTranslator(sentences, sayFinding));
}

async function addLanguage(language: Language): Promise<void> {
  await addSentences(language);
  if (i18next.hasResourceBundle(language, 'common')) return;
  for (const [namespace, texts] of Object.entries(await load[language]())) i18next.addResourceBundle(language, namespace, texts);
}

/** Loads only the language that is shown; the other one comes when it is chosen. */
export async function startI18n(): Promise<Instance> {
  const language = preferredLanguage();
  await addSentences(language);
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: await load[language]() },
    defaultNS: 'common',
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  });
  document.documentElement.lang = language;
  return i18next;
}

export async function chooseLanguage(language: Language): Promise<void> {
  await addLanguage(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // Kept for this visit only.
  }
}
