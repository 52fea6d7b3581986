import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Product } from '../../product/product.ts';
import { observe } from '../observe.ts';
import { createSearch, type Secrets } from './create-search.ts';
import type { Look } from './look.ts';
import { readAnswers, type Questions } from './read-answers.ts';
import { readExports } from './read-exports.ts';

/** A text that does stand in a place, so that a search which sees nothing is noticed. */
export interface Control {
  text: string;
  /** The start of the place's name; `*` within it stands for anything. */
  place: string;
}

export interface Sought {
  secrets: Secrets;
  controls: readonly Control[];
  questions: Questions;
}

/**
 * Every place in which one of these secrets stands, in plain text or as other programs write it: rows of every table, as text · every file of the data folder
 * (logs, Temporal's database with its histories, PostgreSQL's own files) · every answer of the API, each run and flow file included · all exports and a backup,
 * unpacked · printed documents · metrics and the API's own description · the launcher's output. Throws when a control is not found where it stands.
 */
export async function findSecrets(product: Product, { secrets, controls, questions }: Sought): Promise<string[]> {
  const sought: Secrets = { ...secrets, ...Object.fromEntries(controls.map(({ text }) => [controlName(text), text])) };
  const search = createSearch(sought);
  const found = new Set<string>();
  const look = (place: string, content: Buffer | string): void => {
    for (const name of search(content)) found.add(`${name} in ${place}`);
  };
  await inTables(product, look);
  await Promise.all([readAnswers(product, questions, look), readExports(product, look)]);
  await inFiles(product.dataDir, look);
  look("the launcher's output", product.log);
  for (const { text, place } of controls) assertSeen(found, controlName(text), place);
  return [...found].filter((each) => Object.keys(secrets).some((name) => each.startsWith(`${name} in `)));
}

const controlName = (text: string): string => `the control "${text}"`;

function assertSeen(found: ReadonlySet<string>, name: string, place: string): void {
  const pattern = place
    .split('*')
    .map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`))
    .join('.*');
  const isSeen = [...found].some(
    (each) => each.startsWith(`${name} in `) && new RegExp(`^${pattern}`).test(each.slice(`${name} in `.length)),
  );
  if (!isSeen) throw new Error(`The search for secrets is blind: ${name} was not found in ${place}.`);
}

async function inTables(product: Product, look: Look): Promise<void> {
  const tables = await observe<{ name: string }>(
    product,
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
  );
  for (const { name } of tables) {
    const rows = await observe<{ text: string }>(product, `select t::text as text from ${name} t`);
    look(`the table ${name}`, rows.map(({ text }) => text).join('\n'));
    // Columns of bytes are written in hexadecimal.
    const bytes = rows.flatMap(({ text }) => [...text.matchAll(/\\x([0-9a-f]{8,})/g)].map(([, hex = '']) => Buffer.from(hex, 'hex')));
    look(`bytes of the table ${name}`, Buffer.concat(bytes));
  }
}

async function inFiles(folder: string, look: Look): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    // PostgreSQL takes files away while we look.
    look(`the file ${path.slice(folder.length + 1)}`, await readFile(path).catch(() => Buffer.alloc(0)));
  }
}
