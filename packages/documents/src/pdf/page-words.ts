type Words = (page: number, pages: number) => string;

const words: Readonly<Record<string, Words>> = {
  en: (page, pages) => `Page ${page} of ${pages}`,
  es: (page, pages) => `Página ${page} de ${pages}`,
  pt: (page, pages) => `Página ${page} de ${pages}`,
  fr: (page, pages) => `Page ${page} sur ${pages}`,
  de: (page, pages) => `Seite ${page} von ${pages}`,
  it: (page, pages) => `Pagina ${page} di ${pages}`,
  nl: (page, pages) => `Pagina ${page} van ${pages}`,
};
const plain: Words = (page, pages) => `${page} / ${pages}`;

/** How pages are counted in a language. */
export const pageWords = (language: string): Words => words[language.split('-')[0] ?? ''] ?? plain;
