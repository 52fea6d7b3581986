import { HoldfastError, say } from '@holdfast/errors';
import { isJsonObject, type EffectContext, type JsonObject, type JsonValue } from '@holdfast/node-kit';
import { z } from 'zod';

/** Supported until July 2027; a newer one is tried against the fake's schema first. */
const apiVersion = '2026-07';

export interface ShopCall<T extends z.ZodType> {
  query: string;
  variables: JsonObject;
  /** What is expected under `data`. */
  shape: T;
  /** False for what would happen twice if it were sent twice. */
  isRepeatable: boolean;
  /** Of several calls of one step. */
  part?: string;
}

export type ShopClient = <T extends z.ZodType>(call: ShopCall<T>) => Promise<z.infer<T>>;

const failure = z.object({ message: z.string(), extensions: z.object({ code: z.string() }).partial().optional() });
const cost = z.object({
  requestedQueryCost: z.number(),
  throttleStatus: z.object({ maximumAvailable: z.number(), currentlyAvailable: z.number(), restoreRate: z.number().positive() }),
});
const answer = z.object({
  data: z.unknown().optional(),
  errors: z.union([z.array(failure), z.string()]).optional(),
  extensions: z.object({ cost }).partial().optional(),
});

/** One query or mutation. Throws upstream.limited with the time until the bucket holds enough points, and upstream.refused with Shopify's own words. */
export function openShop({ egress, note }: Pick<EffectContext, 'egress' | 'note'>, credential: string): ShopClient {
  return async ({ query, variables, shape, isRepeatable, part }) => {
    const response = await egress.request({
      method: 'POST',
      url: `/admin/api/${apiVersion}/graphql.json`,
      credential,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query, variables }),
      isIdempotent: isRepeatable,
      timeoutMs: 20_000,
      cost: query.trimStart().startsWith('mutation') ? 10 : 50,
      ...(part === undefined ? {} : { part }),
    });
    const parsed = answer.safeParse(response.body);
    if (response.status >= 400) throw refusedBy(response.status, response.body);
    if (!parsed.success) throw unreadable(isRepeatable);
    const { data, errors, extensions } = parsed.data;
    if (extensions?.cost) note({ points: extensions.cost.throttleStatus.currentlyAvailable });
    if (errors !== undefined) throw failureOf(errors, extensions?.cost, isRepeatable);
    const fit = shape.safeParse(data);
    if (!fit.success) throw unreadable(isRepeatable);
    return fit.data;
  };
}

function failureOf(
  errors: string | z.infer<typeof failure>[],
  spent: z.infer<typeof cost> | undefined,
  isRepeatable: boolean,
): HoldfastError {
  const list = typeof errors === 'string' ? [{ message: errors, extensions: undefined }] : errors;
  const codes = new Set(list.map(({ extensions }) => extensions?.code));
  const said = list
    .map(({ message }) => message)
    .join('; ')
    .slice(0, 300);
  if (codes.has('THROTTLED'))
    return new HoldfastError('upstream.limited', {
      detail: 'The shop’s points for calls are used up for the moment. Nothing was done.',
      retryAfterMs: untilEnough(spent),
    });
  if (codes.has('INTERNAL_SERVER_ERROR'))
    return isRepeatable
      ? new HoldfastError('upstream.broken', { detail: say`Shopify answered with an error of its own: ${said}` })
      : new HoldfastError('upstream.ambiguous', {
          detail: say`Shopify answered with an error of its own: ${said}. It may have been carried out.`,
          hint: 'Look into the shop; then try again, which looks there first, or skip this step.',
        });
  return new HoldfastError('upstream.refused', {
    detail: say`Shopify refused: ${said}`,
    hint: codes.has('ACCESS_DENIED')
      ? 'Give the app the access scope that Shopify names, and install it again.'
      : 'Look at the settings of this step.',
  });
}

/** Until the bucket holds what the call costs; a second at least. */
function untilEnough(spent: z.infer<typeof cost> | undefined): number {
  if (!spent) return 2_000;
  const { currentlyAvailable, restoreRate } = spent.throttleStatus;
  return Math.max(1_000, Math.ceil(((spent.requestedQueryCost - currentlyAvailable) / restoreRate) * 1_000));
}

function refusedBy(status: number, body: JsonValue): HoldfastError {
  const said = isJsonObject(body) && typeof body['errors'] === 'string' ? `: ${body['errors'].slice(0, 200)}` : '';
  if (status === 401 || status === 403)
    return new HoldfastError('upstream.unauthorized', {
      detail: say`Shopify did not accept the connection (${status})${said}`,
      hint: 'Test it under Connections.',
    });
  return new HoldfastError('upstream.refused', {
    detail: say`Shopify refused (${status})${said}`,
    hint: 'Look whether the shop’s address is right and the shop is open.',
  });
}

const unreadable = (isRepeatable: boolean): HoldfastError =>
  new HoldfastError(isRepeatable ? 'upstream.broken' : 'upstream.ambiguous', { detail: 'Shopify’s answer could not be read.' });

/** What a mutation itself says no to. */
export function checkUserErrors(errors: readonly { message: string }[]): void {
  if (errors.length === 0) return;
  throw new HoldfastError('upstream.refused', {
    detail: say`Shopify refused: ${errors
      .map(({ message }) => message)
      .join('; ')
      .slice(0, 300)}`,
    hint: 'Look at the settings of this step.',
  });
}

/** `sku:"A-1"`: a value in Shopify's search, with what would end it made harmless. */
export const searchFor = (field: string, value: string): string => `${field}:"${value.replaceAll(/["\\]/g, (found) => `\\${found}`)}"`;
