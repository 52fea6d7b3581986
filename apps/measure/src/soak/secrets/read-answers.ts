import { setTimeout as pause } from 'node:timers/promises';
import { extractText, getDocumentProxy } from 'unpdf';
import type { Product } from '../../product/product.ts';
import type { Look } from './look.ts';

/** What the product's own description can't tell: values of parameters by name, and ids by the address of a list that there is not. */
export type Questions = Readonly<Record<string, readonly string[]>>;

interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  schema: { enum?: string[] };
}
interface Call {
  parameters: Parameter[];
  responses: Record<string, { content: Record<string, unknown> }>;
}

/**
 * Asks every call of the API that only reads, as its own description lists them: for each id that other answers of the same kind hold, and in each format. Files
 * are read as bytes, printed documents as text as well; headers count as much as bodies.
 */
export async function readAnswers(product: Product, questions: Questions, look: Look): Promise<void> {
  const get = getter(product, look);
  await get('/metrics');
  const description = JSON.parse((await get('/api/openapi.json')).answer) as { paths: Record<string, { get?: Call }> }; // the product's own tests check its shape
  const ids = new Map<string, readonly string[]>();
  const paths = Object.entries(description.paths)
    .flatMap(([path, { get: call }]) => (call && !isStream(call) ? [{ path, call }] : []))
    // Lists first: they know the ids that others ask for.
    .toSorted((a, b) => a.path.split('/').length - b.path.split('/').length);
  for (const { path, call } of paths) {
    const addresses = addressesOf(path, call, (name, list) => [
      ...(questions[name] ?? []),
      ...(questions[list] ?? []),
      ...(ids.get(list) ?? []),
    ]);
    for (const { address, answer } of await atOnce(addresses, get)) ids.set(address.split('?')[0] ?? '', idsIn(answer));
  }
}

const isStream = ({ responses }: Call): boolean => Object.values(responses).some(({ content }) => 'text/event-stream' in content);

/** One address for each id that the list before it holds, in each format. None where nothing is known of what must be given. */
function addressesOf(path: string, { parameters }: Call, known: (name: string, list: string) => readonly string[]): string[] {
  const asked = parameters.filter((each) => each.in === 'query');
  const given = asked.flatMap(({ name, required }) =>
    name === 'limit' ? [['limit', '200']] : required ? [[name, known(name, '')[0] ?? '']] : [],
  );
  if (given.some(([, value]) => value === '')) return [];
  const formats = asked.find(({ name }) => name === 'format')?.schema.enum;
  const queries = (formats?.map((format) => [...given, ['format', format]]) ?? [given]).map((query) => `${new URLSearchParams(query)}`);
  let places = [''];
  for (const part of path.split('/').slice(1)) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    places = places.flatMap((place) =>
      (name === undefined ? [part] : [...new Set(known(name, place))]).map((value) => `${place}/${encodeURIComponent(value)}`),
    );
  }
  return places.flatMap((place) => queries.map((query) => (query === '' ? place : `${place}?${query}`)));
}

/** Of the things that a list holds. */
function idsIn(answer: string): string[] {
  if (!/^\{"items":|,"items":\[/.test(answer)) return [];
  const { items = [] } = JSON.parse(answer) as { items?: { id?: string }[] }; // the product's own tests check its shape
  return items.flatMap(({ id }) => id ?? []);
}

function getter({ api, url }: Product, look: Look) {
  return async (address: string): Promise<{ address: string; answer: string }> => {
    for (;;) {
      const answer = await fetch(`${url}${address}`, { headers: { authorization: `Bearer ${api.key}` } });
      const body = Buffer.from(await answer.arrayBuffer());
      if (answer.status === 429 || answer.status === 503) {
        await pause(250);
        continue;
      }
      look(`the answer of ${address}`, Buffer.concat([Buffer.from(JSON.stringify([...answer.headers])), body]));
      if (body.subarray(0, 5).toString() === '%PDF-') look(`the document ${address}`, await textOf(body));
      return { address, answer: answer.ok ? body.toString() : '' };
    }
  };
}

async function textOf(pdf: Buffer): Promise<string> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true });
  return text;
}

async function atOnce<T>(given: readonly string[], ask: (one: string) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  for (let from = 0; from < given.length; from += 4) answers.push(...(await Promise.all(given.slice(from, from + 4).map(ask))));
  return answers;
}
