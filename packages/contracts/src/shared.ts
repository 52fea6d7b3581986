import { saidParts } from '@holdfast/graph';
import { z } from 'zod';

export const id = z.string().min(1).max(80);
export const at = z.iso.datetime({ offset: true });
export const idParams = z.strictObject({ id });
export const empty = z.strictObject({});
export const done = z.object({ ok: z.literal(true) });

/** Problem details (RFC 9457): the one shape of every error answer. */
export const problemDetails = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  hint: z.string().optional(),
  /** The field that is meant, dotted. */
  path: z.string().optional(),
  requestId: z.string(),
  status: z.number().int(),
  /** Further facts of some codes: findings, or both sides of a conflict. */
  extra: z.unknown().optional(),
  /** How `detail` and `hint` were made, where values stand in them: for saying them in another language. */
  said: saidParts.optional(),
});
export type ProblemDetails = z.infer<typeof problemDetails>;

/** Cursor pages, newest first. `next` is null on the last one. */
export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() });
export const pageQuery = { cursor: z.string().max(200).optional(), limit: z.coerce.number().int().min(1).max(200).default(50) };

export const problem = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  hint: z.string().optional(),
  path: z.string().optional(),
  /** Of a message that the other side put off: it goes out again then. */
  notBefore: z.string().optional(),
  said: saidParts.optional(),
});
