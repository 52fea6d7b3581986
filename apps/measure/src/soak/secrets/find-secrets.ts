import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Product } from '../../product/product.ts';
import { observe } from '../observe.ts';

/** By name: the text that must be nowhere. */
export type Secrets = Readonly<Record<string, string>>;

/** What a person or a client can read. */
const readable = [
  '/api/runs?limit=200',
  '/api/credentials',
  '/api/channels',
  '/api/audit',
  '/api/providers',
  '/api/flows',
  '/api/conversations',
  '/metrics',
];

/**
 * Throws unless a text that does stand everywhere is found in a table, in an answer and in a file: a search that sees nothing proves nothing.
 */
export async function assertSearchSees(product: Product, text: string): Promise<void> {
  const found = (await findSecrets(product, { control: text })).join('\n');
  for (const place of ['in the table', 'in the answer of', 'in the file'])
    if (!found.includes(place)) throw new Error(`The search for secrets is blind: "${text}" was not found ${place} any.`);
}

/**
 * Every place in which one of these secrets stands in plain text: rows of every table, as text · every file of the data folder (logs, Temporal's database with
 * its histories, PostgreSQL's own files) · what the API answers, each run and flow file included · the launcher's output.
 */
export async function findSecrets(product: Product, secrets: Secrets): Promise<string[]> {
  const found = [
    ...(await inTables(product, secrets)),
    ...(await inAnswers(product, secrets)),
    ...(await inFiles(product.dataDir, secrets)),
    ...namesIn(product.log, secrets).map((name) => `${name} in the launcher's output`),
  ];
  return [...new Set(found)];
}

/** As it is, and as addresses, JSON and base64 write it. */
const waysToWrite = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1),
];

const namesIn = (text: string | Buffer, secrets: Secrets): string[] =>
  Object.entries(secrets).flatMap(([name, secret]) => (waysToWrite(secret).some((written) => text.includes(written)) ? [name] : []));

async function inTables(product: Product, secrets: Secrets): Promise<string[]> {
  const tables = await observe<{ name: string }>(
    product,
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await observe<{ text: string }>(product, `select t::text as text from ${name} t`);
    // Columns of bytes are written in hexadecimal.
    const bytes = rows.flatMap(({ text }) =>
      [...text.matchAll(/\\x([0-9a-f]{8,})/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1')),
    );
    found.push(
      ...namesIn([...rows.map(({ text }) => text), ...bytes].join('\n'), secrets).map((secret) => `${secret} in the table ${name}`),
    );
  }
  return found;
}

async function inAnswers({ api, url }: Product, secrets: Secrets): Promise<string[]> {
  const get = async (path: string): Promise<string> =>
    (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${api.key}`, connection: 'close' } })).text();
  const runs = await api.all<{ id: string }>('/api/runs');
  const paths = [...readable, ...runs.flatMap(({ id }) => [`/api/runs/${id}`, `/api/runs/${id}/steps`])];
  const found: string[] = [];
  for (const path of paths) found.push(...namesIn(await get(path), secrets).map((name) => `${name} in the answer of ${path}`));
  return found;
}

async function inFiles(folder: string, secrets: Secrets): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    // PostgreSQL takes files away while we look.
    const content = await readFile(path).catch(() => Buffer.alloc(0));
    found.push(...namesIn(content, secrets).map((name) => `${name} in the file ${path.slice(folder.length + 1)}`));
  }
  return found;
}
