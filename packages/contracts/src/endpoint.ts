import type { z } from 'zod';
import type { Permission } from './permissions.ts';

/** One call of the API: the server mounts it, the editor's client calls it, OpenAPI describes it. */
export interface Endpoint<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:name` for each key of `params`. */
  path: `/api/${string}`;
  summary: string;
  permission: Permission;
  params?: Params;
  query?: Query;
  body?: Body;
  /** The body is a file's bytes, described by nothing. */
  takesBytes?: true;
  response: Response;
  /** When the answer isn't JSON: its media type. */
  media?: string;
  /** 200 when left out. */
  status?: number;
}

export const endpoint = <P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, R extends z.ZodType>(
  given: Endpoint<P, Q, B, R>,
) => given;
