import { HoldfastError, say } from '@holdfast/errors';
import {
  implement,
  parseDuration,
  sniffType,
  type EffectContext,
  type EgressResponse,
  type JsonObject,
  type Outcome,
} from '@holdfast/node-kit';
import { chosenFile } from '../fields/chosen-file.ts';
import { s3File, type S3FileConfig } from './node.ts';
import { objectKey, pathOf } from './object-key.ts';
import { errorCodeIn, readList } from './read-list.ts';

const callMs = 120_000;
const nothing = { key: '', file: null, link: null, expiresAt: null, files: [], hasMore: false };

export const runS3File = implement(s3File, ({ config, context }) => {
  switch (config.operation) {
    case 'put':
      return put(config, context);
    case 'get':
      return get(config, context);
    case 'link':
      return link(config, context);
    case 'list':
      return list(config, context);
  }
});

const done = (output: JsonObject): Outcome => ({ port: 'done', output: { ...nothing, ...output } });

async function put(config: S3FileConfig, context: EffectContext): Promise<Outcome> {
  const key = keyOf(config);
  const id = chosenFile(config.file, { path: 'file', detail: 'There is no file to store.' });
  const { content, ...file } = await context.files.read(id);
  const answer = await context.egress.request({
    method: 'PUT',
    url: pathOf(key),
    credential: config.credential,
    headers: { 'content-type': file.mimeType },
    body: content,
    timeoutMs: callMs,
  });
  if (answer.status >= 300) throw refusal(answer);
  context.note({ key, sizeBytes: file.sizeBytes });
  return done({ key, file });
}

async function get(config: S3FileConfig, context: EffectContext): Promise<Outcome> {
  const key = keyOf(config);
  const answer = await context.egress.request({
    method: 'GET',
    url: pathOf(key),
    credential: config.credential,
    expect: 'bytes',
    timeoutMs: callMs,
  });
  if (answer.status === 404 && errorCodeIn(answer.body) !== 'NoSuchBucket') return { port: 'missing', output: { ...nothing, key } };
  if (answer.status >= 300 || !answer.bytes) throw refusal(answer);
  const file = await context.files.save({
    name: key.split('/').at(-1) ?? key,
    mimeType: sniffType(answer.bytes, answer.headers['content-type']),
    content: answer.bytes,
  });
  context.note({ key, sizeBytes: file.sizeBytes });
  return done({ key, file });
}

async function link(config: S3FileConfig, context: EffectContext): Promise<Outcome> {
  const key = keyOf(config);
  const expiresInSeconds = Math.max(1, Math.floor(parseDuration(config.expires) / 1_000));
  const expiresAt = new Date(context.now().getTime() + expiresInSeconds * 1_000).toISOString();
  const signed = await context.presign({ url: pathOf(key), credential: config.credential, expiresInSeconds });
  return done({ key, link: signed, expiresAt });
}

async function list(config: S3FileConfig, context: EffectContext): Promise<Outcome> {
  const prefix = config.prefix.trim().replace(/^\/+/, '');
  const answer = await context.egress.request({
    method: 'GET',
    url: './',
    query: { 'list-type': '2', 'max-keys': String(config.limit), ...(prefix === '' ? {} : { prefix }) },
    credential: config.credential,
    timeoutMs: callMs,
  });
  if (answer.status >= 300) throw refusal(answer);
  return done(listIn(answer.body));
}

function listIn(body: EgressResponse['body']): JsonObject {
  try {
    const { files, hasMore } = readList(typeof body === 'string' ? body : '');
    return { files: files.map((file) => ({ ...file })), hasMore };
  } catch (error) {
    throw new HoldfastError('upstream.broken', { detail: 'The server answered something that is no list of files.', cause: error });
  }
}

function keyOf({ key: given }: S3FileConfig): string {
  const key = objectKey(given);
  if (key !== '') return key;
  throw new HoldfastError('step.config', {
    detail: 'The file has no name in the bucket: nothing is left of what was filled in.',
    hint: 'Look where its values come from.',
    path: 'key',
  });
}

/** What S3 refuses, in words. */
function refusal({ status, body }: EgressResponse): HoldfastError {
  const code = errorCodeIn(body);
  const said = code === '' ? String(status) : `${code}, ${status}`;
  if (['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'ExpiredToken'].includes(code))
    return new HoldfastError('upstream.unauthorized', {
      detail: say`The storage did not accept the access key (${said}).`,
      hint: 'Enter the key and its secret again under Connections.',
    });
  if (code === 'RequestTimeTooSkewed')
    return new HoldfastError('upstream.refused', {
      detail: say`The storage says that our clock is wrong (${said}).`,
      hint: 'Set the clock of the machine that Holdfast runs on.',
    });
  if (code === 'NoSuchBucket')
    return new HoldfastError('upstream.refused', {
      detail: say`There is no such bucket (${said}).`,
      hint: 'Correct it under Connections.',
    });
  if (status >= 300 && status < 400)
    return new HoldfastError('upstream.refused', {
      detail: say`The bucket is in another region (${said}).`,
      hint: 'Correct the region under Connections.',
    });
  return new HoldfastError('upstream.refused', {
    detail: say`The storage refused (${said}).`,
    hint: 'Look whether the access key may do this in this bucket.',
  });
}
