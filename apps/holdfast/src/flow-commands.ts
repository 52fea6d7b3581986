import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { createApiKey, exportFlows, importFlow } from '@holdfast/server';
import { messageOf, StackError } from '@holdfast/stack';
import { readSettings } from './settings.ts';
import { withDatabase } from './with-database.ts';

// The package manager runs us in the checkout's root; a path people type is meant from where they stand.
export const fromCaller = (path: string): string => resolve(process.env['INIT_CWD'] ?? '.', path);

export async function printApiKey({ name, role }: { name: string; role: string }): Promise<void> {
  console.log(await withDatabase(readSettings(), (databaseUrl) => createApiKey({ databaseUrl, name, role })));
}

export async function importFile(path: string, { publish }: { publish: boolean }): Promise<void> {
  const file = parseJson(path, await readInput(path));
  const made = await withDatabase(readSettings(), (databaseUrl) => importFlow({ databaseUrl, file, publish }));
  console.log(`${made.id}  ${made.name}${made.version ? `  live as ${made.version}` : '  as a draft'}`);
}

async function readInput(path: string): Promise<string> {
  if (path === '-') return text(process.stdin);
  return readFile(fromCaller(path), 'utf8').catch((error: unknown) => {
    throw new StackError(`The file ${path} can't be read: ${messageOf(error)}`, 'Give the path of a flow file that Holdfast exported.');
  });
}

function parseJson(path: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new StackError(`${path} is not JSON: ${messageOf(error)}`, 'Give the path of a flow file that Holdfast exported.');
  }
}

export async function exportFiles({ flow, out }: { flow?: string; out?: string }): Promise<void> {
  const flows = await withDatabase(readSettings(), (databaseUrl) => exportFlows({ databaseUrl, ...(flow === undefined ? {} : { flow }) }));
  const [first] = flows;
  if (flow !== undefined && !first) throw new StackError(`There is no flow "${flow}".`, 'Without --flow all of them are exported.');
  if (out === undefined) {
    console.log(JSON.stringify(flow === undefined ? flows.map(({ file }) => file) : first?.file, null, 2));
    return;
  }
  const folder = fromCaller(out);
  await mkdir(folder, { recursive: true });
  for (const { id, name, file } of flows) {
    const target = join(folder, `${fileName(name)}-${id.slice(-8)}.json`);
    await writeFile(target, `${JSON.stringify(file, null, 2)}\n`);
    console.log(target);
  }
}

/** A name people gave, as part of a file's name: letters and digits of any script, nothing a path could use. */
const fileName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60) || 'flow';
