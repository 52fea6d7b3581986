import { RE2JS } from 're2js';

/** Compiles with RE2: linear time, whatever the pattern. Null when it can't be read. Case is ignored. */
export function compileRegex(pattern: string): RE2JS | null {
  try {
    return RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
  } catch {
    return null;
  }
}
