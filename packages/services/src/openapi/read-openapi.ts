import { HoldfastError, say } from '@holdfast/errors';
import { describedCall, isJsonObject, jsonObject, type DescribedOperation, type JsonObject, type JsonValue } from '@holdfast/node-kit';
import { maxOperations, unreadable, type Description, type ReadDescription } from '../description.ts';
import { below, entriesOf, lineOf, listOf, Pages, parseDocument, type Place } from './document.ts';
import { bodyFields, parameterFields } from './operation-fields.ts';
import { hasSchema, schemaOf, shortSchema } from './schema.ts';
import { securityOf } from './security.ts';
import { serversOf } from './servers.ts';

const methods = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];
const maxNotes = 50;
/** Fields are repeated in each operation that has them. */
const maxKeptBytes = 10_000_000;

/** OpenAPI 3.0 and 3.1. An operation that can't be read is left out and noted; throws service.document where none is left. */
export const readOpenapi: ReadDescription = (text, { sourceUrl }) => {
  const root = parseDocument(text);
  refuseOthers(root);
  const pages = new Pages(root);
  const notes: string[] = [];
  const paths = entriesOf({ value: root['paths'], path: 'paths' });
  const found = paths.flatMap(([path, item]) => operationsAt(pages, { path, item, sourceUrl }, notes));
  const operations = withOwnIds(found);
  if (operations.length > maxOperations)
    throw unreadable(
      say`The document describes ${operations.length} operations; at most ${maxOperations} are read.`,
      'paths',
      'Import a part of it.',
    );
  if (JSON.stringify(operations).length > maxKeptBytes)
    throw unreadable('The operations that the document describes are more than 10 MB together.', 'paths', 'Import a part of it.');
  if (operations.length === 0)
    throw unreadable(
      notes[0] ?? 'The document describes no operation.',
      'paths',
      notes.length > 1 ? say`${notes.length - 1} more could not be read.` : undefined,
    );
  const info = isJsonObject(root['info']) ? root['info'] : {};
  return {
    kind: 'openapi',
    name: lineOf(info['title'], 120) || 'API',
    version: lineOf(info['version'], 60),
    servers: serversOf({ value: root, path: '' }, sourceUrl),
    security: securityOf(pages),
    operations,
    notes: notes.length > maxNotes ? [...notes.slice(0, maxNotes), `… ${notes.length - maxNotes}`] : notes,
  } satisfies Description;
};

function refuseOthers(root: JsonObject): void {
  const version = root['openapi'];
  if (typeof version === 'string' && /^3\.[01]\b/.test(version)) return;
  if (root['swagger'] !== undefined)
    throw unreadable(
      say`This is Swagger ${lineOf(textOf(root['swagger']), 20)}; OpenAPI 3.0 and 3.1 are read.`,
      'swagger',
      'Convert it to OpenAPI 3 first.',
    );
  throw unreadable(
    version === undefined
      ? 'The document has no "openapi" that says its version.'
      : say`OpenAPI ${lineOf(textOf(version), 20)} is not read, 3.0 and 3.1 are.`,
    'openapi',
    'Choose an OpenAPI 3.0 or 3.1 document, as JSON or YAML.',
  );
}

const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

interface PathItem {
  path: string;
  item: Place;
  sourceUrl: string | null;
}

function operationsAt(pages: Pages, { path, item, sourceUrl }: PathItem, notes: string[]): DescribedOperation[] {
  const attempt = <T>(read: () => T): T | null => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof HoldfastError) || error.code !== 'service.document') throw error;
      notes.push(error.detail);
      return null;
    }
  };
  const pathItem = attempt(() => pages.object(item));
  if (!pathItem) return [];
  return methods.flatMap((method) => {
    const operation = below(pathItem, method);
    if (!isJsonObject(operation.value)) return [];
    const read = attempt(() => readOperation(pages, { method, path, pathItem, operation, sourceUrl }));
    return read ? [read] : [];
  });
}

interface Given {
  method: string;
  path: string;
  pathItem: Place;
  operation: Place;
  sourceUrl: string | null;
}

function readOperation(pages: Pages, { method, path, pathItem, operation, sourceUrl }: Given): DescribedOperation {
  const value = isJsonObject(operation.value) ? operation.value : {};
  const verb = method.toUpperCase();
  const body = bodyFields(pages, operation);
  const fields = [...parameterFields(pages, pathItem, operation), ...(verb === 'GET' || verb === 'HEAD' ? [] : body.fields)];
  const missing = [...path.matchAll(/\{([^{}]+)\}/g)]
    .map(([, key]) => key)
    .filter((key) => !fields.some(({ place, keys }) => place === 'path' && keys[0] === key));
  if (missing.length > 0) throw unreadable(say`${verb} ${path.slice(0, 200)} does not say what {${missing[0] ?? ''}} is.`, operation.path);
  const title = lineOf(value['summary'], 200) || lineOf(value['operationId'], 200) || `${verb} ${path}`.slice(0, 200);
  const response = answerSchema(pages, operation);
  const call = describedCall.safeParse({
    id: lineOf(value['operationId'], 400) || `${verb} ${path}`.slice(0, 400),
    title,
    method: verb,
    path,
    fields,
    body: body.fields.length > 0 ? body.body : 'none',
    contentType: body.contentType,
    ...(response ? { response } : {}),
  });
  if (!call.success)
    throw unreadable(
      say`${verb} ${path.slice(0, 200)} can’t be called: ${call.error.issues[0]?.message ?? 'it does not fit'}.`,
      operation.path,
    );
  const usual = serversOf({ value: pages.root, path: '' }, sourceUrl).map(({ url }) => url);
  const own = [...serversOf(operation, sourceUrl), ...serversOf(pathItem, sourceUrl)].find(({ url }) => !usual.includes(url));
  return {
    id: call.data.id,
    title,
    summary: lineOf(value['description'], 300),
    group: lineOf(listOf(below(operation, 'tags'))[0]?.value, 80),
    input: call.data.fields.map(({ keys: _keys, style: _style, explode: _explode, ...field }) => field),
    node: {
      type: 'api-operation',
      typeVersion: 1,
      config: { ...(own ? { server: own.url } : {}), operation: jsonObject.parse(call.data), values: {} },
    },
  };
}

/** Of the first good answer that is JSON. */
function answerSchema(pages: Pages, operation: Place): JsonObject | null {
  const answers = entriesOf(below(operation, 'responses'));
  const good = answers.find(([status]) => /^2(\d\d|XX)$/i.test(status)) ?? answers.find(([status]) => status === 'default');
  const answer = good && pages.object(good[1]);
  const media = answer && entriesOf(below(answer, 'content')).find(([type]) => /[/+]json\b/i.test(type))?.[1];
  return media && hasSchema(media) ? shortSchema(pages, schemaOf(media)) : null;
}

/** Two operations of one id: the later ones are told apart by method and path. */
function withOwnIds(operations: DescribedOperation[]): DescribedOperation[] {
  const taken = new Set<string>();
  return operations.flatMap((operation) => {
    const call = isJsonObject(operation.node.config['operation']) ? operation.node.config['operation'] : {};
    const id = taken.has(operation.id) ? `${textOf(call['method'])} ${textOf(call['path'])}`.slice(0, 400) : operation.id;
    if (taken.has(id)) return [];
    taken.add(id);
    return [{ ...operation, id, node: { ...operation.node, config: { ...operation.node.config, operation: { ...call, id } } } }];
  });
}
