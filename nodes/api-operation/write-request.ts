import { HoldfastError, say } from '@holdfast/errors';
import type { DescribedCall, EffectContext, JsonObject, JsonValue } from '@holdfast/node-kit';
import type { PlainRequest } from '../calls/make-call.ts';
import { writeMultipart, type FormPart } from '../calls/multipart.ts';
import { setAt } from '../calls/set-at.ts';
import { chosenFile } from '../fields/chosen-file.ts';
import type { GivenValue } from './read-values.ts';
import { wordOf, writeCookie, writeHeader, writePairs, writePathPiece, type Pair } from './write-parameter.ts';

/** The request that an operation describes, with these values. Throws step.config for a value that would change where it goes. */
export async function writeRequest(
  operation: DescribedCall,
  { server, given, context }: { server: string; given: readonly GivenValue[]; context: Pick<EffectContext, 'files' | 'idempotencyKey'> },
): Promise<PlainRequest> {
  const at = (place: string) => given.filter(({ field }) => field.place === place);
  const cookies = at('cookie').map(({ field, value }) => writeCookie(keyOf(field), value));
  const headers = Object.fromEntries(at('header').map(({ field, value }) => [keyOf(field), writeHeader(value, field.explode)]));
  const body = await writeBody(operation, at('body'), context);
  return {
    url: addressOf(
      server,
      writePath(operation.path, at('path')),
      at('query').flatMap(({ field, value }) => writePairs(keyOf(field), value, field)),
    ),
    headers: {
      ...headers,
      ...(cookies.length > 0 ? { cookie: cookies.join('; ') } : {}),
      ...(body === null ? {} : { 'content-type': body.contentType }),
    },
    ...(body === null ? {} : { body: body.body }),
  };
}

const keyOf = ({ keys }: { keys: readonly string[] }): string => keys[0] ?? '';

function writePath(template: string, given: readonly GivenValue[]): string {
  const path = template.replaceAll(/\{([^{}]+)\}/g, (whole, key: string) => {
    const found = given.find(({ field }) => keyOf(field) === key);
    return found ? writePathPiece(key, found.value, found.field) : whole;
  });
  // A value is encoded, so it ends no piece of the path; but "." and ".." walk through it, however they are written.
  const walks = path.split('/').find((piece, index) => piece !== template.split('/')[index] && /^(\.|%2e){1,2}$/i.test(piece));
  if (walks === undefined) return path;
  throw new HoldfastError('step.config', {
    detail: say`The value "${walks}" would change where the call to ${template.slice(0, 200)} goes. Nothing was sent.`,
    hint: 'Look at where the value comes from.',
    path: 'values',
  });
}

/** Without a server of its own, it belongs to the credential's. */
function addressOf(server: string, path: string, pairs: readonly Pair[]): string {
  const query = new URLSearchParams([...pairs]).toString();
  const [base = '', own] = server.split('#')[0]?.split('?') ?? [];
  const whole = base === '' ? path.replace(/^\/+/, '') : `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
  const search = [own, query].filter((part) => part !== undefined && part !== '').join('&');
  return search === '' ? whole : `${whole}?${search}`;
}

interface Body {
  contentType: string;
  body: string | Uint8Array;
}

async function writeBody(
  operation: DescribedCall,
  given: readonly GivenValue[],
  context: Pick<EffectContext, 'files' | 'idempotencyKey'>,
): Promise<Body | null> {
  const [first] = given;
  if (operation.body === 'none' || !first) return null;
  const type = operation.contentType;
  switch (operation.body) {
    case 'json':
      return { contentType: type || 'application/json', body: JSON.stringify(whole(given)) };
    case 'form':
      return { contentType: type || 'application/x-www-form-urlencoded', body: new URLSearchParams(given.flatMap(formPairs)).toString() };
    case 'text':
      return { contentType: type || 'text/plain; charset=utf-8', body: wordOf(first.value) };
    case 'file': {
      const file = await readFile(context, first);
      return { contentType: type || file.mimeType, body: file.content };
    }
    case 'multipart':
      return writeMultipart(await Promise.all(given.map((one) => formPart(context, one))), context.idempotencyKey);
  }
}

/** Fields put together again; a body that is one field is that value. */
function whole(given: readonly GivenValue[]): JsonValue {
  const [first] = given;
  if (first && first.field.name === 'body') return first.value;
  const body: JsonObject = {};
  for (const { field, value } of given) setAt(body, field.keys, value);
  return body;
}

/** Parts of parts in brackets, `customer[name]`: that is how forms are read. */
const formPairs = ({ field, value }: GivenValue): Pair[] => {
  const [key = '', ...rest] = field.keys;
  return writePairs(`${key}${rest.map((part) => `[${part}]`).join('')}`, value, field);
};

async function formPart(context: Pick<EffectContext, 'files'>, given: GivenValue): Promise<FormPart> {
  const { field, value } = given;
  const name = field.keys.join('.');
  if (field.type === 'file') {
    const file = await readFile(context, given);
    return { name, content: file.content, mimeType: file.mimeType, fileName: file.name };
  }
  return typeof value === 'object'
    ? { name, content: JSON.stringify(value), mimeType: 'application/json' }
    : { name, content: wordOf(value) };
}

/** Throws step.config where no file is named. */
const readFile = ({ files }: Pick<EffectContext, 'files'>, { field, value }: GivenValue): ReturnType<EffectContext['files']['read']> =>
  files.read(chosenFile(value, { path: `values.${field.name}`, detail: say`"${field.title}" takes a file, and this value is none.` }));
