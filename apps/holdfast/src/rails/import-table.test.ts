import { describe, expect, test } from 'vitest';
import { importsOf, linesWhere, sourceFiles, withoutComments, type SourceFile } from './source-files.ts';

// What the linter's rules (oxlint.config.ts) can't say: here as tests that read the sources.

const offenders = (files: SourceFile[], isAllowed: (specifier: string) => boolean): string[] =>
  files.flatMap(({ path, text }) =>
    importsOf(text)
      .filter((specifier) => !isAllowed(specifier))
      .map((specifier) => `${path} imports ${specifier}`),
  );
const plain = (files: SourceFile[]): SourceFile[] => files.map(({ path, text }) => ({ path, text: withoutComments(text) }));

describe('who may import whom', () => {
  test('a runner imports node-kit, errors, messages, what only computes (documents, soap), zod and its own folder; the world comes through its context', () => {
    const runners = sourceFiles('nodes/*/run.ts');
    expect(runners.length).toBeGreaterThan(0);
    expect(
      offenders(
        runners,
        (specifier) =>
          /^(@holdfast\/(node-kit|errors|messages|documents|soap)|zod|\.\/.*)$/.test(specifier) ||
          /^\.\.\/[a-z-]+\/[a-z-]+\.ts$/.test(specifier),
      ),
    ).toEqual([]);
  });

  test('a definition imports nothing that only Node has', () => {
    expect(
      offenders(
        sourceFiles('nodes/*/node.ts', 'nodes/catalog.ts'),
        (specifier) => !specifier.startsWith('node:') && !/run(ners)?\.ts$/.test(specifier),
      ),
    ).toEqual([]);
  });

  test('workflows import Temporal’s workflow package and types', () => {
    expect(offenders(sourceFiles('workflows/*.ts'), (specifier) => /^(@temporalio\/(workflow|common)|\.\/.*)$/.test(specifier))).toEqual(
      [],
    );
  });

  test('the editor never imports the database, the egress or the runners', () => {
    expect(
      offenders(
        sourceFiles('apps/editor/src/**/*.{ts,tsx}'),
        (specifier) => !/^@holdfast\/(db|egress|runs|delivery|channels|llm|server|worker|stack|secrets|nodes\/runners)/.test(specifier),
      ),
    ).toEqual([]);
  });

  test('only the stack, the launcher and what measures them start processes', () => {
    const files = sourceFiles('{packages,apps,nodes,workflows,templates}/**/*.{ts,tsx}').filter(
      ({ path }) => !/^(packages\/stack|packages\/test-kit|apps\/holdfast|apps\/measure)\//.test(path),
    );
    expect(offenders(files, (specifier) => !/^(node:)?(child_process|vm|cluster|repl)$/.test(specifier))).toEqual([]);
  });
});

describe('what sandboxed code may not do', () => {
  const sandboxed = plain(
    sourceFiles('packages/{node-kit,graph,contracts}/src/**/*.ts', 'nodes/*/node.ts', 'nodes/catalog.ts', 'workflows/*.ts'),
  );

  test('it reads no clock and rolls no dice', () => {
    expect(linesWhere(sandboxed, (line) => /\bnew Date\(\s*\)|\bDate\.now\b|\bMath\.random\b|\bperformance\.now\b/.test(line))).toEqual([]);
  });

  test('workflows know time only from Temporal', () => {
    expect(
      linesWhere(plain(sourceFiles('workflows/*.ts')), (line) => /\bnew Date\b|\bDate\.|\bset(Timeout|Interval)\b|\bfetch\(/.test(line)),
    ).toEqual([]);
  });
});

describe('what nobody may do', () => {
  const everything = sourceFiles('{packages,apps,nodes,workflows,templates}/**/*.{ts,tsx}');

  test('no text becomes code', () => {
    expect(
      linesWhere(plain(everything), (line) => /\beval\(|\bnew Function\(|\brunInNewContext\b|\brunInThisContext\b/.test(line)),
    ).toEqual([]);
  });

  test('the server’s routes hold no SQL: statements live in packages/db', () => {
    const sql = /[`'"]\s*(select\s.+\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|create\s+table\s)/i;
    expect(
      linesWhere(
        plain(sourceFiles('apps/server/src/**/*.ts', 'apps/worker/src/**/*.ts').filter(({ path }) => !path.includes('/test/'))),
        (line) => sql.test(line),
      ),
    ).toEqual([]);
  });

  test('a type assertion says why it holds, on its line or just above', () => {
    // Types begin with a capital, a brace or are one of these; SQL's lower-case aliases do not.
    const asserts = (text: string): boolean => isAssertion(text.replace(/'[^']*'|"[^"]*"/g, "''"));
    const isAssertion = (line: string): boolean =>
      / as (?!const\b)(?:[A-Z][\w.<]*|\{|unknown\b|string\b|number\b)/.test(line) &&
      !/^\s*(?:import|export)\b|\bimport \*|^\s*(?:\*|\/\/)/.test(line);
    expect(linesWhere(everything, (line, before) => asserts(line) && !/\/\/|\/\*\*?|\*\//.test(line) && !/\/\/|\*\//.test(before))).toEqual(
      [],
    );
  });

  test('nothing is left for later', () => {
    expect(
      linesWhere(
        everything,
        (line) => /\b(TODO|FIXME|XXX)\b|coming soon|not (yet )?implemented/i.test(line) && !line.includes('coming soon|'),
      ),
    ).toEqual([]);
  });
});
