/** The reader's region of a language, for dates and numbers: Spanish on a Mexican browser is `es-MX`. */
export const regionalLocale = (language: string, wanted: readonly string[]): string =>
  wanted.find((tag) => (tag === language || tag.startsWith(`${language}-`)) && isLocale(tag)) ?? language;

/** A browser on a machine without a locale calls itself `en-US@posix`, which every formatter throws at. */
function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
