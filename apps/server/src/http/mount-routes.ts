import { endpoints, isAllowed, type Endpoint } from '@holdfast/contracts';
import { HoldfastError, say } from '@holdfast/errors';
import { cleanText, type JsonValue } from '@holdfast/node-kit';
import type { Express, Request, Response } from 'express';
import type { Caller } from '../auth/caller.ts';
import { checkOrigin } from './check-origin.ts';
import { fileLimits, jsonLimits, readBody, requireJson } from './read-body.ts';
import type { Route } from './route.ts';
import { parseStrictJson } from './strict-json.ts';

export interface MountOptions {
  routes: Route[];
  /** Who calls; null without a valid session or key. */
  findCaller: (request: Request, response: Response) => Promise<Caller | null>;
  trustedOrigins: readonly string[];
  /** In tests: an answer that doesn't fit its schema is an error. */
  validatesResponses: boolean;
}

/** Mounts every endpoint of the contract exactly once; throws when one is missing, foreign or mounted twice. */
export function mountRoutes(app: Express, options: MountOptions): void {
  const mounted = new Set<Endpoint>();
  // Fixed words before ids, so that /api/runs/counts is not taken for a run.
  for (const route of options.routes.toSorted((a, b) => placeholders(a) - placeholders(b))) {
    if (mounted.has(route.endpoint)) throw new Error(`${name(route.endpoint)} is mounted twice.`);
    mounted.add(route.endpoint);
    const method = route.endpoint.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'; // the lower case of the contract's list
    app[method](route.endpoint.path, (request, response) => answer(route, options, request, response));
  }
  const missing = Object.values<Endpoint>(endpoints).filter((endpoint) => !mounted.has(endpoint));
  if (missing.length > 0) throw new Error(`Not mounted: ${missing.map(name).join(', ')}`);
  if (mounted.size !== Object.keys(endpoints).length) throw new Error('A route is mounted that the contract does not know.');
}

const name = (endpoint: Endpoint) => `${endpoint.method} ${endpoint.path}`;
const placeholders = (route: Route) => route.endpoint.path.split(':').length;

async function answer(route: Route, options: MountOptions, request: Request, response: Response): Promise<void> {
  const { endpoint } = route;
  if (endpoint.method !== 'GET') checkOrigin(request, options.trustedOrigins);
  const caller = route.permission === 'public' ? null : await admit(route, options, request, response);
  const params = endpoint.params ? endpoint.params.parse(cleanTexts(request.params)) : {};
  const loaded = route.load && caller ? await route.load({ caller, params: textsOf(params) }) : null;
  if (route.load && loaded === null) throw missingResource();
  const query = endpoint.query ? endpoint.query.parse(cleanTexts(request.query)) : {};
  const body = await readRouteBody(route, request);
  response.status(endpoint.status ?? 200);
  const value = await route.run({ params, query, body, caller, loaded, request, response } as never); // parsed with the endpoint's own schemas
  if (route.answers === 'itself') return;
  if (options.validatesResponses) checkAnswer(endpoint, value);
  response.setHeader('cache-control', 'no-store');
  response.json(value);
}

/** One text for a foreign id and an id that never was. */
export const missingResource = () =>
  new HoldfastError('resource.missing', {
    detail: 'There is nothing under this address, or it belongs to another workspace.',
    hint: 'Go back to the list; it may have been removed.',
  });

async function admit(route: Route, options: MountOptions, request: Request, response: Response): Promise<Caller> {
  const caller = await options.findCaller(request, response);
  if (!caller)
    throw new HoldfastError('auth.required', {
      detail: 'This call needs a session or an API key.',
      hint: 'Sign in, or send the header "Authorization: Bearer hf_…".',
    });
  if (!isAllowed(caller.role, route.permission)) {
    throw new HoldfastError('auth.forbidden', {
      detail: say`The role "${caller.role}" may not do this (${route.permission}).`,
      hint: 'Ask an owner or admin of this workspace.',
    });
  }
  if (caller.mustChangePassword && !['/api/me', '/api/auth/change-password'].includes(route.endpoint.path)) {
    throw new HoldfastError('auth.forbidden', {
      detail: 'Your password was chosen by somebody else.',
      hint: 'Choose your own password first.',
      path: 'password',
    });
  }
  return caller;
}

async function readRouteBody(route: Route, request: Request): Promise<unknown> {
  if (route.endpoint.takesBytes) return await readBody(request, fileLimits);
  const schema = route.endpoint.body;
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (!schema) {
    if (hasBody) requireJson(request);
    return undefined;
  }
  if (!hasBody) {
    const parsed = schema.safeParse(undefined);
    if (parsed.success) return parsed.data;
    throw new HoldfastError('request.malformed', { detail: 'This call needs a JSON body, and none came.' });
  }
  requireJson(request);
  const bytes = await readBody(request, jsonLimits);
  const value: JsonValue = parseStrictJson(bytes, { refuseLossyKeys: true });
  return schema.parse(value);
}

function cleanTexts(source: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(source).map(([key, value]) => [cleanText(key), typeof value === 'string' ? cleanText(value) : value]),
  );
}

const textsOf = (params: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)]));

function checkAnswer(endpoint: Endpoint, value: unknown): void {
  const checked = endpoint.response.safeParse(value);
  if (!checked.success) throw new Error(`The answer of ${name(endpoint)} does not fit its schema: ${checked.error.message}`);
}
