/** The reader's region of a language, for dates and numbers: Spanish on a Mexican browser is `es-MX`. */
export const regionalLocale = (language: string, wanted: readonly string[]): string =>
  wanted.find((tag) => tag === language || tag.startsWith(`${language}-`)) ?? language;
