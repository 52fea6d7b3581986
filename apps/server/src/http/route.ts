import type { Endpoint, Permission } from '@holdfast/contracts';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Caller } from '../auth/caller.ts';

/** What a route's function gets: everything parsed, the caller known, the row loaded from the caller's own workspace. */
export interface Call<P, Q, B, Loaded> {
  params: P;
  query: Q;
  body: B;
  caller: Caller;
  loaded: Loaded;
  request: Request;
  response: Response;
}
export type OpenCall<Q, B> = Omit<Call<unknown, Q, B, null>, 'caller' | 'loaded' | 'params'>;

/** A route as the router mounts it. `answers: 'itself'` means that `run` writes the response. */
export interface Route {
  endpoint: Endpoint;
  permission: Permission;
  answers: 'value' | 'itself';
  /** Answers null for a row that doesn't exist or belongs to somebody else: both are the same 404. */
  load: ((call: { caller: Caller; params: Record<string, string> }) => Promise<unknown>) | null;
  run: (call: Call<never, never, never, never>) => Promise<unknown>;
}

interface Manner {
  answers?: 'value' | 'itself';
}
type AnyEndpoint<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, R extends z.ZodType> = Endpoint<P, Q, B, R>;
type HasNoId<P extends z.ZodObject> = string extends keyof z.infer<P> ? true : false;
type Answer<R extends z.ZodType> = z.input<R>;

/** A route that takes an id names how that row is loaded; the types leave no way around it. */
type Given<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, R extends z.ZodType, Loaded> = Manner & {
  run: (call: Call<z.infer<P>, z.infer<Q>, z.infer<B>, Loaded>) => Promise<Answer<R>>;
} & (HasNoId<P> extends true ? { load?: never } : { load: (call: { caller: Caller; params: z.infer<P> }) => Promise<Loaded | null> });

export function route<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, R extends z.ZodType, Loaded>(
  endpoint: AnyEndpoint<P, Q, B, R>,
  given: Given<P, Q, B, R, Loaded>,
): Route {
  if (endpoint.permission === 'public') throw new Error(`${endpoint.method} ${endpoint.path} is public: mount it with openRoute.`);
  if (endpoint.params && !given.load) throw new Error(`${endpoint.method} ${endpoint.path} takes an id and must say how it is loaded.`);
  return build(endpoint, given, given.load ?? null);
}

/** For the few calls that need no session; a test compares them with a written list. */
export function openRoute<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, R extends z.ZodType>(
  endpoint: AnyEndpoint<P, Q, B, R>,
  given: Manner & { run: (call: OpenCall<z.infer<Q>, z.infer<B>>) => Promise<Answer<R>> },
): Route {
  if (endpoint.permission !== 'public') throw new Error(`${endpoint.method} ${endpoint.path} needs a session: mount it with route.`);
  return build(endpoint, given, null);
}

function build(endpoint: unknown, given: Manner & { run: unknown }, load: unknown): Route {
  const table = endpoint as Endpoint; // the generic parameters only matter to the route's author
  return {
    endpoint: table,
    permission: table.permission,
    answers: given.answers ?? 'value',
    load: load as Route['load'], // parsed params are handed over by the router
    run: given.run as Route['run'], // the router hands over exactly what the endpoint's schemas yield
  };
}

/** What a call answers that has nothing to tell. */
export const ok = { ok: true } as const;
