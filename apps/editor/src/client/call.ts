import type { Endpoint } from '@holdfast/contracts';
import type { z } from 'zod';
import { errorFromAnswer, unreachable } from './api-error.ts';
import { requestUrl } from './request-url.ts';

type Part<Key extends string, Schema extends z.ZodType, Absent extends z.ZodType> = Absent extends Schema
  ? { [K in Key]?: undefined }
  : {} extends z.input<Schema>
    ? { [K in Key]?: z.input<Schema> | undefined }
    : undefined extends z.input<Schema>
      ? { [K in Key]?: z.input<Schema> }
      : { [K in Key]: z.input<Schema> };

/** What a call of this endpoint needs: `params`, `query` and `body` as its contract says, required only where it has required fields. */
export type CallInput<E extends Endpoint> =
  E extends Endpoint<infer P, infer Q, infer B>
    ? Part<'params', P, z.ZodObject> & Part<'query', Q, z.ZodObject> & Part<'body', B, z.ZodType> & { signal?: AbortSignal | undefined }
    : never;

/** The parsed answer of an endpoint. */
export type Answer<E extends Endpoint> = z.output<E['response']>;

interface LooseInput {
  params?: Record<string, unknown> | undefined;
  query?: Record<string, unknown> | undefined;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

const jsonHeaders = { 'content-type': 'application/json', accept: 'application/json' };

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: 'same-origin', ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw unreachable();
  }
}

const bodyOf = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
};

/** Calls the API: types come from the contract, the answer is parsed with it, failures are ApiErrors. */
export async function call<E extends Endpoint>(endpoint: E, input: CallInput<E>): Promise<Answer<E>> {
  const { params, query, body, signal }: LooseInput = input;
  const response = await send(requestUrl(endpoint.path, params, query), {
    method: endpoint.method,
    headers: jsonHeaders,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
  const answer = await bodyOf(response);
  if (!response.ok) throw errorFromAnswer(response.status, answer);
  return endpoint.response.parse(answer) as Answer<E>; // `parse` returns the output of this very schema
}

/** Sends bytes to an endpoint that takes them. Left out, the query names the file, as the contract of `uploadFile` says. */
export async function upload<E extends Endpoint>(
  endpoint: E,
  file: Blob,
  located?: Pick<LooseInput, 'params' | 'query'>,
): Promise<Answer<E>> {
  const { params, query } = located ?? { params: undefined, query: { name: file instanceof File ? file.name : 'file' } };
  const response = await send(requestUrl(endpoint.path, params, query), {
    method: endpoint.method,
    headers: { accept: 'application/json', 'content-type': file.type || 'application/octet-stream' },
    body: file,
  });
  const answer = await bodyOf(response);
  if (!response.ok) throw errorFromAnswer(response.status, answer);
  return endpoint.response.parse(answer) as Answer<E>; // see `call`
}
