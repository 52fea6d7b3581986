/**
 * What PostgreSQL looks for: `A-10 ana` → `'A-10':* & 'ana':*`. A search without a letter or digit (an emoji, "??") has no words and is looked for as it
 * stands, which reads every message of the filter.
 */
export function searchTerms(search: string | null): { words: string | null; pattern: string | null } {
  const parts = search?.trim().split(/\s+/) ?? [];
  const words = parts.filter((part) => /[\p{L}\p{N}]/u.test(part)).slice(0, 20);
  if (words.length > 0)
    return { words: words.map((word) => `'${word.replaceAll('\\', '').replaceAll("'", "''")}':*`).join(' & '), pattern: null };
  return { words: null, pattern: search?.trim() ? `%${search.trim().replace(/[\\%_]/g, '\\$&')}%` : null };
}
