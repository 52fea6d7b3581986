import { implement, type EffectContext } from '@holdfast/node-kit';
import { jsonOf } from '../calls/json-of.ts';
import { makeCall } from '../calls/make-call.ts';
import { writeMultipart, type FormPart } from '../calls/multipart.ts';
import { chosenFile } from '../fields/chosen-file.ts';
import { apiCall, type ApiCallConfig } from './node.ts';

interface Body {
  contentType: string;
  body: string | Uint8Array;
}

async function bodyOf(config: ApiCallConfig, context: EffectContext): Promise<Body | null> {
  if (config.method === 'GET') return null;
  switch (config.bodyKind) {
    case 'none':
      return null;
    case 'form':
      return { contentType: 'application/x-www-form-urlencoded', body: new URLSearchParams(config.form).toString() };
    case 'text':
      return { contentType: 'text/plain; charset=utf-8', body: config.text };
    case 'json':
      jsonOf(config.body, 'body');
      return { contentType: 'application/json', body: config.body };
    case 'file': {
      const { content, mimeType } = await context.files.read(chosenFile(config.file, { path: 'file' }));
      return { contentType: mimeType, body: content };
    }
    case 'multipart':
      return multipartOf(config, context);
  }
}

async function multipartOf({ form, files }: ApiCallConfig, context: EffectContext): Promise<Body> {
  const parts: FormPart[] = Object.entries(form).map(([name, content]) => ({ name, content }));
  for (const [name, given] of Object.entries(files)) {
    const file = await context.files.read(chosenFile(given, { path: `files.${name}` }));
    parts.push({ name, content: file.content, mimeType: file.mimeType, fileName: file.name });
  }
  return writeMultipart(parts, context.idempotencyKey);
}

export const runApiCall = implement(apiCall, async ({ config, context }) => {
  const sent = await bodyOf(config, context);
  const hasType = Object.keys(config.headers).some((name) => name.toLowerCase() === 'content-type');
  return makeCall(context, config, {
    url: config.url.trim(),
    query: config.query,
    // A form with files says in its type where its parts end.
    headers: {
      ...(sent === null || (hasType && config.bodyKind !== 'multipart') ? {} : { 'content-type': sent.contentType }),
      ...(config.bodyKind === 'multipart' ? withoutType(config.headers) : config.headers),
    },
    ...(sent === null ? {} : { body: sent.body }),
  });
});

const withoutType = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-type'));
