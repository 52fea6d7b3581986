import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../settings.ts';

export interface SourceFile {
  path: string;
  text: string;
}

/** The repository's own sources under these patterns; tests left out. */
export const sourceFiles = (...patterns: string[]): SourceFile[] =>
  globSync(patterns, { cwd: checkout, exclude: (path) => /(^|\/)(node_modules|dist|\.holdfast)(\/|$)/.test(path) })
    .filter((path) => !/\.(test|d)\.tsx?$/.test(path))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(checkout, path), 'utf8') }));

/** What a file imports, types included. */
export const importsOf = (text: string): string[] =>
  [...withoutComments(text).matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)['"]([^'"]+)['"]/g)].map((match) => match[1] ?? '');

/** Strings stay: only what can't run is taken away. */
export const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' ')).replace(/(^|[\s;{}(,])\/\/[^\n]*/g, '$1');

/** `path:line: text` of each line that matches; `before` holds the three lines above it. */
export const linesWhere = (files: SourceFile[], matches: (line: string, before: string) => boolean): string[] =>
  files.flatMap(({ path, text }) => {
    const lines = text.split('\n');
    return lines.flatMap((line, index) =>
      matches(line, lines.slice(Math.max(0, index - 3), index).join('\n')) ? [`${path}:${index + 1}: ${line.trim()}`] : [],
    );
  });
